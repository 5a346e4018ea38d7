"""poll is None until the command has ended."""

import subprocess
import time

child = subprocess.Popen(["sleep", "0.3"])
print(child.poll(), child.returncode)
time.sleep(0.8)
print(child.poll(), child.returncode)
