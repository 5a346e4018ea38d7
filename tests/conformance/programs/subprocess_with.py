"""The with statement waits for the command."""

import subprocess
import time

begin = time.monotonic()
with subprocess.Popen(["sleep", "0.3"]) as child:
    print(child.poll())
print(child.returncode, time.monotonic() - begin >= 0.3)
