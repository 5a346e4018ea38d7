"""A signal to oneself is handled before kill returns; raise_signal does the same."""

import os
import signal

log = []
print(signal.signal(signal.SIGUSR1, lambda number, frame: log.append(number)) == signal.SIG_DFL)
os.kill(os.getpid(), signal.SIGUSR1)
log.append("after")
signal.raise_signal(signal.SIGUSR1)
print(log, callable(signal.getsignal(signal.SIGUSR1)))
