"""A handler may be interrupted by another signal."""

import os
import signal

log = []


def outer(number, frame):
    log.append("outer begins")
    os.kill(os.getpid(), signal.SIGUSR2)
    log.append("outer ends")


signal.signal(signal.SIGUSR1, outer)
signal.signal(signal.SIGUSR2, lambda number, frame: log.append("inner"))
os.kill(os.getpid(), signal.SIGUSR1)
print(log)
