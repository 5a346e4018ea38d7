"""An exception in a pool comes back to whoever asks."""

import multiprocessing


def fail(number):
    raise KeyError(number)


with multiprocessing.get_context("fork").Pool(2) as pool:
    try:
        pool.map(fail, [1])
    except KeyError as error:
        print("KeyError", error)
    failures = []
    result = pool.apply_async(fail, (2,), error_callback=failures.append)
    result.wait(10)
    print(failures, result.successful())
pool.join()
try:
    pool.apply(int)
except ValueError as error:
    print(error)
