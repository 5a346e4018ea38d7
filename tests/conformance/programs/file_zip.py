"""A zip archive keeps times to two seconds; what is extracted is new."""

import os
import time
import zipfile

with open("f", "w") as out:
    out.write("x")
os.utime("f", (1_000_000_000, 1_000_000_000))
with zipfile.ZipFile("a.zip", "w") as archive:
    archive.write("f")
    archive.writestr("g", "now")
with zipfile.ZipFile("a.zip") as archive:
    print(
        archive.getinfo("f").date_time,
        archive.getinfo("g").date_time[0] == time.localtime().tm_year,
    )
    archive.extract("f", "out")
print(abs(os.stat("out/f").st_mtime - time.time()) < 5)
