"""A file that is open has the time of its last flush."""

import os
import time

out = open("f", "w")
begin = os.fstat(out.fileno()).st_mtime
time.sleep(0.2)
out.write("x")
print(os.fstat(out.fileno()).st_mtime == begin)
out.flush()
print(os.fstat(out.fileno()).st_mtime - begin > 0.1)
time.sleep(0.2)
before = os.fstat(out.fileno()).st_mtime
out.close()
print(os.stat("f").st_mtime == before)
