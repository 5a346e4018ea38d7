"""Without a hook of one's own the exception is written to stderr, with the thread's name."""

import sys
import threading

sys.stderr = sys.stdout


def fail():
    raise KeyError("x")


thread = threading.Thread(target=fail, name="t")
thread.start()
thread.join()
