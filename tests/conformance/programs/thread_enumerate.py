"""enumerate() lists threads that live, by name, and active_count() counts them."""

import threading
import time

threads = [threading.Thread(target=time.sleep, args=(0.2,), name=f"t{n}") for n in range(3)]
print(threading.active_count())
for each in threads:
    each.start()
print(sorted(each.name for each in threading.enumerate()), threading.active_count())
for each in threads:
    each.join()
print([each.name for each in threading.enumerate()])
