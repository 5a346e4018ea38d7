"""A cached function and a cached property are shared by threads."""

import functools
import threading

calls = []


@functools.lru_cache(maxsize=None)
def double(number):
    calls.append(number)
    return number * 2


threads = [threading.Thread(target=double, args=(5,)) for _ in range(3)]
for each in threads:
    each.start()
    each.join()
print(calls, double.cache_info().hits)
