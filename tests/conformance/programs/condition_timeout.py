"""A wait on a condition that nobody notifies returns False after its time-out."""

import threading
import time

condition = threading.Condition()
begin = time.monotonic()
with condition:
    print(condition.wait(0.2), time.monotonic() - begin >= 0.2)
    print(
        condition.wait_for(lambda: False, timeout=0.1), condition.wait_for(lambda: 7, timeout=0.1)
    )
