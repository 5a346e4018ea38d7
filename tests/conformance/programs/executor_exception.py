"""An exception is kept for whoever asks for the result."""

from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(1) as pool:
    future = pool.submit(lambda: 1 / 0)
    print(repr(future.exception()))
    try:
        future.result()
    except ZeroDivisionError as error:
        print(error)
    print(pool.submit(int, "7").result())
