"""A link has a time of its own."""

import os
import time

with open("f", "w") as out:
    out.write("x")
os.utime("f", (10, 10))
os.symlink("f", "link")
print(os.stat("link").st_mtime, abs(os.lstat("link").st_mtime - time.time()) < 5)
os.utime("link", (20, 20), follow_symlinks=False)
time.sleep(0.1)
print(os.stat("link").st_mtime, os.lstat("link").st_mtime)
