"""Times that are set stay, also for what was just written."""

import os
import time

with open("f", "w") as out:
    out.write("x")
os.utime("f", (5, 7))
time.sleep(0.1)
print(os.stat("f").st_mtime)
os.utime("f", ns=(1, 1_500_000_000))
print(os.stat("f").st_mtime)
os.utime("f")
print(abs(os.stat("f").st_mtime - time.time()) < 5)
with open("f", "a") as out:
    out.write("y")
print(os.stat("f").st_mtime > 100)
try:
    os.utime("f", (1, 1), ns=(1, 1))
except ValueError:
    print("ValueError")
