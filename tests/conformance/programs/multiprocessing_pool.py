"""A pool maps, applies and gives results as they come."""

import multiprocessing
import time


def square(number):
    return number * number


def wait(seconds):
    time.sleep(seconds)
    return seconds


with multiprocessing.get_context("fork").Pool(3) as pool:
    print(pool.map(square, range(6)), pool.apply(square, (7,)), pool.starmap(pow, [(2, 3), (3, 2)]))
    print(list(pool.imap_unordered(wait, (0.6, 0.1, 0.35))))
    result = pool.apply_async(wait, (0.5,))
    try:
        result.get(timeout=0.1)
    except multiprocessing.TimeoutError:
        print("timeout", result.ready())
    print(result.get(timeout=10), result.successful())
