"""Threads are named and counted as always."""

import threading


def work():
    pass


print(
    threading.Thread().name, threading.Thread(target=work).name, threading.Thread(name="own").name
)
print(threading.current_thread().name, threading.main_thread() is threading.current_thread())
thread = threading.Thread(target=work, name="x")
print(thread.is_alive(), thread.ident, thread.daemon)
thread.start()
thread.join()
print(thread.is_alive(), thread.ident is None, thread.native_id is None)
thread.name = "y"
print(thread.name)
