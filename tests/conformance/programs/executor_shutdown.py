"""A pool that is shut down takes nothing more, and ends what it has."""

import time
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(1)
futures = [pool.submit(time.sleep, 0.1) for _ in range(3)]
pool.shutdown(wait=False)
try:
    pool.submit(print)
except RuntimeError as error:
    print(error)
pool.shutdown()
print([each.done() for each in futures])
