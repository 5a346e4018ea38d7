"""A thread of _thread is a dummy to threading, as long as it lives."""

import _thread
import threading
import time

log = []


def work():
    thread = threading.current_thread()
    log.append((thread.name.startswith("Dummy-"), thread.daemon, thread.is_alive()))
    time.sleep(0.1)


_thread.start_new_thread(work, ())
time.sleep(0.05)
print(log, threading.active_count())
