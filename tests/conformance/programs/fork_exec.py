"""A child becomes another program; its parent waits for that."""

import os
import sys

sys.stdout.flush()
child = os.fork()
if child == 0:
    os.execvp("sh", ["sh", "-c", "echo from the shell; exit 6"])
print(os.waitpid(child, 0)[1] >> 8)
sys.stdout.flush()
child = os.fork()
if child == 0:
    try:
        os.execv("/nowhere/at/all", ["all"])
    except FileNotFoundError:
        os._exit(8)
print(os.waitpid(child, 0)[1] >> 8)
