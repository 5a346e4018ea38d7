"""The representation of a thread tells its state."""

import re
import threading
import time


def show(thread):
    print(re.sub(r"\d{2,}", "N", repr(thread)))


thread = threading.Thread(target=time.sleep, args=(0.1,), daemon=True)
show(thread)
thread.start()
show(thread)
thread.join()
show(thread)
show(threading.main_thread())
