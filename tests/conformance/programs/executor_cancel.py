"""What has not begun can be cancelled; what runs cannot."""

import time
from concurrent.futures import CancelledError
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(1) as pool:
    running = pool.submit(time.sleep, 0.2)
    time.sleep(0.05)
    waiting = pool.submit(time.sleep, 9)
    print(running.cancel(), waiting.cancel(), waiting.cancelled(), waiting.done())
    try:
        waiting.result()
    except CancelledError:
        print("cancelled")
