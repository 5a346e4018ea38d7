"""copy2 and copystat keep the time, copy does not."""

import os
import shutil
import time

with open("a", "w") as out:
    out.write("x")
os.utime("a", (1000, 1000))
shutil.copy("a", "b")
shutil.copy2("a", "c")
time.sleep(0.1)
shutil.copyfile("a", "d")
shutil.copystat("a", "d")
print([os.stat(name).st_mtime == 1000 for name in "abcd"])
