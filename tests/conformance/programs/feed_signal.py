"""A program that waits for its input can be ended."""

import subprocess
import time

child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
time.sleep(0.1)
print(child.poll())
child.terminate()
print(child.wait(), child.stdout.read())
