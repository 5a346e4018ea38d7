"""How children end: by sys.exit, an exception, a signal, the end of the program."""

import os
import signal
import sys
import time


def start(work):
    child = os.fork()
    if child:
        return child
    try:
        work()
    finally:
        os._exit(9)


def fail():
    os.kill(os.getpid(), signal.SIGTERM)


for work in (lambda: os._exit(3), fail, lambda: time.sleep(0.05)):
    pid, status = os.waitpid(start(work), 0)
    if os.WIFSIGNALED(status):
        print("signal", os.WTERMSIG(status))
    else:
        print("code", os.WEXITSTATUS(status))
sys.stdout.flush()
child = os.fork()
if child == 0:
    sys.exit(4)
print(os.waitpid(child, 0)[1] >> 8)
sys.stdout.flush()
child = os.fork()
if child == 0:
    raise ValueError("of the child")
print(os.waitpid(child, 0)[1] >> 8)
