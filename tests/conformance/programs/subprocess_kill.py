"""A killed command ends by its signal."""

import os
import signal
import subprocess

for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGINT):
    child = subprocess.Popen(["sleep", "20"])
    child.send_signal(number)
    print(child.wait())
child = subprocess.Popen(["sleep", "20"])
os.kill(child.pid, signal.SIGKILL)
print(os.waitpid(child.pid, 0)[1])
