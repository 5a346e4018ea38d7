"""A program that reads all its input waits for the end of it."""

import subprocess
import time

child = subprocess.Popen(["sort"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
for word in ("b", "c", "a"):
    print(word, file=child.stdin, flush=True)
time.sleep(0.2)
print(child.poll(), child.pid > 0)
child.stdin.close()
print(child.stdout.read().split(), child.wait())
