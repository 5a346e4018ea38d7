"""Two names of a file show one time."""

import os
import time

with open("f", "w") as out:
    out.write("x")
os.link("f", "g")
before = os.stat("g").st_mtime
time.sleep(0.1)
with open("f", "a") as out:
    out.write("y")
print(
    os.stat("g").st_mtime == os.stat("f").st_mtime,
    os.stat("f").st_mtime > before,
    os.path.samefile("f", "g"),
)
