"""A tar archive keeps times, and gives them back."""

import os
import tarfile
import time
import warnings

warnings.simplefilter("ignore")
with open("f", "w") as out:
    out.write("x")
os.utime("f", (86400, 86400))
with tarfile.open("a.tar", "w") as archive:
    archive.add("f")
    archive.add("a.tar", "now")
with tarfile.open("a.tar") as archive:
    print([(each.name, each.mtime == 86400) for each in archive])
    archive.extract("f", "out")
time.sleep(0.1)
print(os.stat("out/f").st_mtime)
