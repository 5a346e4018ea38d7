"""A group of processes is signalled at once."""

import os
import signal
import time

leader = os.fork()
if leader == 0:
    os.setpgid(0, 0)
    if os.fork() == 0:
        time.sleep(20)
    time.sleep(20)
    os._exit(1)
time.sleep(0.3)
print(os.getpgid(leader) == leader, os.getpgid(0) == os.getpgrp())
os.killpg(leader, signal.SIGTERM)
print(os.waitpid(leader, 0)[1])
