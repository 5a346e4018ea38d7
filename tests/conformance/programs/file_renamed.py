"""A renamed file keeps its time, also if it was just written."""

import os
import shutil
import time

begin = time.time()
for number, rename in enumerate((os.rename, os.replace, shutil.move)):
    with open("a", "w") as out:
        out.write("x")
    rename("a", f"b{number}")
    print(abs(os.stat(f"b{number}").st_mtime - begin) < 5)
os.utime("b0", (9, 9))
os.rename("b0", "c")
time.sleep(0.1)
print(os.stat("c").st_mtime)
