"""A command that takes too long is killed by run, and only waited for by wait."""

import subprocess
import time

begin = time.monotonic()
try:
    subprocess.run(["sleep", "20"], timeout=0.2)
except subprocess.TimeoutExpired as error:
    print(error.cmd, 0.2 <= time.monotonic() - begin < 10)
child = subprocess.Popen(["sleep", "0.5"])
try:
    child.wait(timeout=0.1)
except subprocess.TimeoutExpired:
    print(child.poll())
print(child.wait(), child.poll())
