"""What cannot be pickled is reported by the queue's own thread, and not delivered."""

import multiprocessing
import sys
import threading

sys.stderr = open("errors", "w")
box = multiprocessing.get_context("fork").Queue()
box.put(threading.Lock())
box.put("fine")
print(box.get(timeout=10), box.empty())
box.close()
box.join_thread()
sys.stderr.flush()
print("cannot pickle" in open("errors").read())
