"""result() and as_completed() time out, and can be asked again."""

import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError
from concurrent.futures import as_completed

with ThreadPoolExecutor(1) as pool:
    future = pool.submit(time.sleep, 0.4)
    for call in (lambda: future.result(0.1), lambda: next(as_completed([future], 0.05))):
        try:
            call()
        except TimeoutError:
            print("TimeoutError")
    print(future.running(), future.result(), future.done())
