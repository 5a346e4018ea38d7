"""shutdown can cancel what waits."""

import time
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(1)
futures = [pool.submit(time.sleep, 0.2) for _ in range(3)]
time.sleep(0.05)
pool.shutdown(cancel_futures=True)
print([each.cancelled() for each in futures])
