"""A copied tree keeps the times of files and folders."""

import os
import shutil
import time

os.makedirs("one/in")
for name in ("one/f", "one/in/g"):
    with open(name, "w") as out:
        out.write("x")
    os.utime(name, (2000, 2000))
os.utime("one/in", (3000, 3000))
shutil.copytree("one", "two")
time.sleep(0.1)
print([os.stat(name).st_mtime for name in ("two/f", "two/in/g", "two/in")])
