"""Who writes to a program that reads nothing waits, until that is gone."""

import subprocess
import time

child = subprocess.Popen(["sleep", "0.5"], stdin=subprocess.PIPE)
began = time.monotonic()
try:
    child.stdin.write(b"x" * 200_000)
    child.stdin.flush()
except BrokenPipeError as error:
    print(error.errno, time.monotonic() - began > 0.4)
print(child.wait())
