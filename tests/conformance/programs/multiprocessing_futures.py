"""A pool of processes behind futures."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import as_completed


def fail():
    raise ValueError("x")


if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        print(list(pool.map(pow, (2, 3), (3, 2))), pool.submit(os.getpid).result() == os.getpid())
        try:
            pool.submit(fail).result()
        except ValueError as error:
            print(error)
        print(
            sorted(each.result() for each in as_completed([pool.submit(abs, -n) for n in range(3)]))
        )
