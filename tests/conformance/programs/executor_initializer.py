"""An initializer runs in each thread; if it fails the pool is broken."""

import threading
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.thread import BrokenThreadPool

data = threading.local()


def begin(value):
    data.value = value


with ThreadPoolExecutor(1, initializer=begin, initargs=(5,)) as pool:
    print(pool.submit(lambda: data.value).result())
with ThreadPoolExecutor(1, initializer=lambda: 1 / 0) as pool:
    try:
        pool.submit(int).result()
    except BrokenThreadPool:
        print("broken")
