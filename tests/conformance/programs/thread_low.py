"""_thread starts functions with arguments, and refuses what is none."""

import _thread
import time

log = []
_thread.start_new_thread(lambda *args, **kwargs: log.append((args, kwargs)), (1, 2), {"x": 3})
time.sleep(0.1)
print(log)
for arguments in ((1, ()), (print, [1]), (print, (), 5)):
    try:
        _thread.start_new_thread(*arguments)
    except TypeError:
        print("TypeError")
print(type(_thread.start_new_thread(int, ())) is int, _thread.get_ident() > 0)
