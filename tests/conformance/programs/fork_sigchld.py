"""SIGCHLD tells of the end of a child, which a handler may collect."""

import os
import signal
import time

ended = []


def collect(number, frame):
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        ended.append(status >> 8)


signal.signal(signal.SIGCHLD, collect)
for code in (1, 2, 3):
    if os.fork() == 0:
        time.sleep(0.1 * code)
        os._exit(code)
limit = time.monotonic() + 5
while len(ended) < 3 and time.monotonic() < limit:
    time.sleep(0.02)
print(ended)
