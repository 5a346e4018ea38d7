"""map times out for results that do not come in time."""

import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError

with ThreadPoolExecutor(2) as pool:
    results = pool.map(time.sleep, (0.05, 0.6), timeout=0.3)
    print(next(results))
    try:
        next(results)
    except TimeoutError:
        print("timeout")
