"""An alarm is the parent's alone; handlers are the child's, too."""

import os
import signal
import time

rung = []
signal.signal(signal.SIGALRM, lambda number, frame: rung.append(number))
signal.setitimer(signal.ITIMER_REAL, 0.2)
child = os.fork()
if child == 0:
    time.sleep(0.4)
    first = len(rung)
    os.kill(os.getpid(), signal.SIGALRM)
    time.sleep(0.01)
    os._exit(10 * first + len(rung))
time.sleep(0.3)
print(len(rung), os.waitpid(child, 0)[1] >> 8)
