"""Tasks that wait in a pool are run before the program ends."""

import time
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(1)
for number in range(3):
    pool.submit(lambda n=number: (time.sleep(0.05), print("task", n)))
print("main")
