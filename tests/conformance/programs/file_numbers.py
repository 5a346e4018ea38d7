"""Low-level writes, truncations and descriptors set times too."""

import os
import time

fd = os.open("f", os.O_CREAT | os.O_RDWR)
for change in (
    lambda: os.write(fd, b"abc"),
    lambda: os.ftruncate(fd, 1),
    lambda: os.truncate("f", 0),
    lambda: os.pwrite(fd, b"x", 0),
):
    before = os.fstat(fd).st_mtime
    time.sleep(0.1)
    change()
    print(os.fstat(fd).st_mtime - before > 0.05, os.stat("f").st_size)
os.close(fd)
