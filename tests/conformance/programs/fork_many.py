"""Many children at a time, each collected once, with its own code."""

import os
import time

children = {}
for code in range(12):
    pid = os.fork()
    if pid == 0:
        time.sleep(0.02 * code)
        os._exit(code)
    children[pid] = code
found = []
while children:
    pid, status = os.wait()
    found.append(children.pop(pid) == status >> 8)
print(found)
