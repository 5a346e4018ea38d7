"""A daemon: two forks, a session of its own, standard streams to nowhere, a pid file."""

import os
import sys
import time


def daemonise():
    if os.fork():
        os._exit(0)
    os.setsid()
    if os.fork():
        os._exit(0)
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(null, number)


work = os.getcwd()
first = os.fork()
if first == 0:
    daemonise()
    time.sleep(0.2)
    with open(f"{work}/daemon.tmp", "w") as file:
        print(os.getppid() in (1, os.getppid()), os.getsid(0) != os.getpid(), file=file)
        print(os.getpgrp() == os.getsid(0), file=file)
    os.rename(f"{work}/daemon.tmp", f"{work}/daemon")
    print("nobody sees this")
    sys.exit()
print(os.waitpid(first, 0)[1])
for _ in range(100):
    time.sleep(0.05)
    if os.path.exists("daemon"):
        print(open("daemon").read())
        break
