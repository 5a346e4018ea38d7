"""What is in a folder keeps its time when the folder is moved, and is followed after it."""

import os
import time

os.makedirs("d/in")
with open("d/in/f", "w") as out:
    out.write("x")
os.utime("d/in/f", (50, 50))
os.rename("d", "e")
time.sleep(0.1)
print(os.stat("e/in/f").st_mtime)
begin = time.time()
with open("e/in/f", "a") as out:
    out.write("y")
print(abs(os.stat("e/in/f").st_mtime - begin) < 5)
