"""The stack size of threads is kept, and checked."""

import threading

print(threading.stack_size(), threading.stack_size(1 << 20), threading.stack_size())
try:
    threading.stack_size(1)
except ValueError:
    print("ValueError")
thread = threading.Thread(target=print, args=("runs",))
thread.start()
thread.join()
