"""Only the main thread sets handlers."""

import signal
import threading


def work():
    try:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    except ValueError as error:
        print(error)


thread = threading.Thread(target=work)
thread.start()
thread.join()
for arguments in ((signal.SIGKILL, signal.SIG_IGN), (signal.SIGTERM, "x")):
    try:
        signal.signal(*arguments)
    except (OSError, TypeError) as error:
        print(type(error).__name__)
