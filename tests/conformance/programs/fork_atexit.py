"""Exit functions run in the child, too, unless it leaves at once; not those of its parent's threads."""

import atexit
import os
import sys

atexit.register(lambda: print("exit of", who, flush=True))
who = "parent"
child = os.fork()
if child == 0:
    who = "child"
    sys.exit(2)
print(os.waitpid(child, 0)[1] >> 8, flush=True)
child = os.fork()
if child == 0:
    os._exit(3)
print(os.waitpid(child, 0)[1] >> 8, flush=True)
