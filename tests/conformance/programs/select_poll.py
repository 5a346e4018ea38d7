"""poll and selectors time out like select."""

import select
import selectors
import time

begin = time.monotonic()
print(select.poll().poll(200), time.monotonic() - begin >= 0.19)
with selectors.DefaultSelector() as selector:
    print(selector.select(timeout=0.1), selector.select(timeout=0), len(selector.get_map()))
