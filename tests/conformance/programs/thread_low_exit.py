"""_thread.exit ends the thread and nothing else."""

import _thread
import time


def work():
    print("begins", flush=True)
    _thread.exit()
    print("never")


_thread.start_new_thread(work, ())
time.sleep(0.1)
print("main", flush=True)
