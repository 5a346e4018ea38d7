"""A wait for an event takes as long as the event takes to come."""

import threading
import time

event = threading.Event()
threading.Timer(0.2, event.set).start()
begin = time.monotonic()
print(event.wait(10), 0.2 <= time.monotonic() - begin < 5)
