"""as_completed gives futures as they end."""

import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import as_completed


def work(number):
    time.sleep(number * 0.15)
    return number


with ThreadPoolExecutor(3) as pool:
    futures = [pool.submit(work, number) for number in (3, 1, 2)]
    print([each.result() for each in as_completed(futures)])
