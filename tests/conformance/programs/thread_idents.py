"""Every live thread has an ident and a native id of its own."""

import os
import threading
import time

found = set()


def work():
    found.add((threading.get_ident(), threading.get_native_id()))
    time.sleep(0.2)


threads = [threading.Thread(target=work) for _ in range(4)]
for each in threads:
    each.start()
for each in threads:
    each.join()
found.add((threading.get_ident(), threading.get_native_id()))
print(len({ident for ident, _ in found}), len({native for _, native in found}))
print(threading.get_native_id() == os.getpid() == threading.main_thread().native_id)
print(threading.main_thread().ident == threading.get_ident())
