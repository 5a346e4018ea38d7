"""A blocked signal waits until it is let in."""

import os
import signal

log = []
signal.signal(signal.SIGUSR1, lambda number, frame: log.append("handled"))
print(signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1]))
os.kill(os.getpid(), signal.SIGUSR1)
log.append(sorted(signal.sigpending()))
print(signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1]))
print(log)
