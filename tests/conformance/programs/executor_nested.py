"""A task may wait for another of a pool that has room."""

from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(2) as pool:
    outer = pool.submit(lambda: pool.submit(pow, 3, 2).result(5) + 1)
    print(outer.result(5))
