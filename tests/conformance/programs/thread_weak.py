"""What a thread worked on is free when it has ended."""

import gc
import threading
import weakref


class Thing:
    pass


thing = Thing()
reference = weakref.ref(thing)
thread = threading.Thread(target=lambda each: None, args=(thing,))
del thing
thread.start()
thread.join()
gc.collect()
print(reference())
watch = weakref.ref(thread)
del thread
gc.collect()
print(watch())
