"""A parent ends its children: one that has a handler, one that has none, one by force."""

import os
import signal
import time


def child(handler):
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGTERM, handler)
    time.sleep(20)
    os._exit(9)


def leave(number, frame):
    os._exit(40 + number)


for handler, number in (
    (leave, signal.SIGTERM),
    (signal.SIG_DFL, signal.SIGTERM),
    (signal.SIG_IGN, signal.SIGKILL),
):
    pid = child(handler)
    time.sleep(0.3)
    os.kill(pid, number)
    status = os.waitpid(pid, 0)[1]
    print(os.WIFEXITED(status) and os.WEXITSTATUS(status), os.WIFSIGNALED(status) and status & 127)
try:
    os.kill(pid, 0)
except ProcessLookupError:
    print("gone")
