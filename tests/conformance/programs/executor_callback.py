"""Callbacks run when a future ends, or at once if it has."""

from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor

log = []
with ThreadPoolExecutor(1) as pool:
    future = pool.submit(pow, 2, 5)
    future.result()
    future.add_done_callback(lambda each: log.append(each.result()))
own = Future()
own.add_done_callback(lambda each: log.append("own"))
own.set_result(1)
print(log, own.done())
