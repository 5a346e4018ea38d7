"""A file has the time at which it was written, by every way to ask."""

import os
import pathlib
import time

begin = time.time()
time.sleep(0.1)
with open("f", "w") as out:
    out.write("x")
moments = [
    os.stat("f").st_mtime,
    os.lstat("f").st_mtime,
    os.path.getmtime("f"),
    pathlib.Path("f").stat().st_mtime,
]
moments += [entry.stat().st_mtime for entry in os.scandir(".") if entry.name == "f"]
moments += [os.stat("f").st_mtime_ns / 1e9, os.stat("f").st_ctime]
with open("f") as source:
    moments += [os.fstat(source.fileno()).st_mtime, os.stat(source.fileno()).st_mtime]
print([begin + 0.05 < each < begin + 5 for each in moments])
