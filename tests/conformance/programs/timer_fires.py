"""A timer runs its function after its interval, with its arguments."""

import threading
import time

log = []
timer = threading.Timer(0.2, lambda *args, **kwargs: log.append((args, kwargs)), (1,), {"x": 2})
begin = time.monotonic()
timer.start()
timer.join()
print(log, time.monotonic() - begin >= 0.2, timer.is_alive())
