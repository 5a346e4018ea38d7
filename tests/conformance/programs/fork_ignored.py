"""Who ignores SIGCHLD has no children to wait for."""

import os
import signal
import time

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
child = os.fork()
if child == 0:
    time.sleep(0.1)
    os._exit(1)
try:
    os.waitpid(child, 0)
except ChildProcessError as error:
    print(error.errno)
