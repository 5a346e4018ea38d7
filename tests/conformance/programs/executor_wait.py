"""wait returns when the first, or all, have ended, or after its time-out."""

import time
from concurrent.futures import ALL_COMPLETED
from concurrent.futures import FIRST_COMPLETED
from concurrent.futures import FIRST_EXCEPTION
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait


def work(seconds):
    time.sleep(seconds)
    if seconds == 0.2:
        raise ValueError
    return seconds


for condition in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
    with ThreadPoolExecutor(3) as pool:
        futures = [pool.submit(work, seconds) for seconds in (0.05, 0.2, 0.5)]
        done, left = wait(futures, return_when=condition)
        print(condition, len(done), len(left))
with ThreadPoolExecutor(1) as pool:
    done, left = wait([pool.submit(work, 0.5)], timeout=0.1)
    print(len(done), len(left))
