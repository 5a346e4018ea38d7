"""Functions of threading's own atexit run before threads are waited for."""

import threading

done = threading.Event()
threading._register_atexit(done.set)


def work():
    print(done.wait(10))


threading.Thread(target=work).start()
print("main")
