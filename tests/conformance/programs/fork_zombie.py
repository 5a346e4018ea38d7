"""A child that has ended can be signalled until somebody has waited for it."""

import os
import time

child = os.fork()
if child == 0:
    os._exit(0)
time.sleep(0.2)
os.kill(child, 0)
print(os.waitpid(child, os.WNOHANG) == (child, 0))
try:
    os.kill(child, 0)
except ProcessLookupError:
    print("gone")
try:
    os.waitpid(child, 0)
except ChildProcessError:
    print("no child")
