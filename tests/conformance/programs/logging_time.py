"""Log records are stamped with the clock."""

import logging
import time

record = logging.LogRecord("x", 10, "p", 1, "m", (), None)
print(
    abs(record.created - time.time()) < 5,
    0 <= record.msecs < 1000,
    record.threadName,
    record.processName,
)
