"""To a program that has ended nothing can be written; to look at it starts nothing twice."""

import subprocess
import time

child = subprocess.Popen(["true"], stdin=subprocess.PIPE)
time.sleep(0.3)
print(child.poll())
try:
    child.stdin.write(b"late")
    child.stdin.flush()
except BrokenPipeError as error:
    print(error.errno)
print(child.wait())
