"""Locks can be referred to weakly, and are gone when nobody has them."""

import gc
import threading
import weakref

lock = threading.Lock()
reference = weakref.ref(lock)
print(reference() is lock)
del lock
gc.collect()
print(reference())
