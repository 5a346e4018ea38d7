"""A local that goes takes all values with it."""

import gc
import threading
import time


class Thing:
    def __del__(self):
        print("gone", flush=True)


data = threading.local()
data.thing = Thing()
thread = threading.Thread(target=time.sleep, args=(0.2,))
thread.start()
del data
gc.collect()
print("deleted", flush=True)
thread.join()
