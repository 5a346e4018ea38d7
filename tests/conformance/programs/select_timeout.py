"""select without a file is a sleep; with an unready one it times out."""

import select
import time

begin = time.monotonic()
print(select.select([], [], [], 0.2), time.monotonic() - begin >= 0.2)
