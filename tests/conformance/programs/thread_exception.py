"""An exception in a thread goes to threading.excepthook; the rest goes on."""

import threading


def hook(args):
    print(args.exc_type.__name__, args.exc_value, args.thread.name, args.exc_traceback is not None)


threading.excepthook = hook
thread = threading.Thread(target=lambda: 1 / 0, name="t")
thread.start()
thread.join()
print("on", thread.is_alive())
