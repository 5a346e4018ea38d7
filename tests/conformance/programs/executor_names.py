"""Threads of a pool are named after its prefix, and no more start than are needed."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(2, thread_name_prefix="pool") as pool:
    names = list(
        pool.map(lambda _: (time.sleep(0.1), threading.current_thread().name)[1], range(4))
    )
print(sorted(set(names)))
