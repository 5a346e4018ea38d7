"""An object kept by a thread is free when the thread has ended."""

import threading
import time
import weakref


class Thing:
    pass


def work(each):
    time.sleep(0.2)


thing = Thing()
reference = weakref.ref(thing)
thread = threading.Thread(target=work, args=(thing,))
thread.start()
del thing
print(reference() is not None)
thread.join()
print(reference())
