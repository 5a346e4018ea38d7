"""The decimal context is a thread's own."""

import decimal
import threading

decimal.getcontext().prec = 5
log = []
thread = threading.Thread(target=lambda: log.append(decimal.getcontext().prec))
thread.start()
thread.join()
print(decimal.getcontext().prec, log, decimal.Decimal(1) / 3)
