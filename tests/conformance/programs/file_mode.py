"""Changing the mode of a file leaves its time."""

import os
import time

with open("f", "w") as out:
    out.write("x")
before = os.stat("f").st_mtime
time.sleep(0.1)
os.chmod("f", 0o600)
print(os.stat("f").st_mtime == before, oct(os.stat("f").st_mode))
