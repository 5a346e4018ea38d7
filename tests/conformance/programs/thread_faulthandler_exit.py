"""faulthandler can end a program that takes too long."""

import faulthandler
import time

faulthandler.dump_traceback_later(0.2, exit=True)
print("waits", flush=True)
time.sleep(20)
print("never")
