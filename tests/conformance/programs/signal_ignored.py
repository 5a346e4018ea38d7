"""Ignored signals do nothing; the default action of some is nothing."""

import os
import signal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGWINCH, signal.SIGCONT, 0):
    os.kill(os.getpid(), number)
print(signal.getsignal(signal.SIGTERM) == signal.SIG_IGN, "alive")
