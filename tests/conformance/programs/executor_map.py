"""map gives results in the order of its arguments."""

import time
from concurrent.futures import ThreadPoolExecutor


def work(number):
    time.sleep((3 - number) * 0.05)
    return number * 10


with ThreadPoolExecutor(3) as pool:
    print(list(pool.map(work, range(3))))
