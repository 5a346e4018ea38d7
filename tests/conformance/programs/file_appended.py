"""Writing to a file renews its time; reading does not."""

import os
import time


def when():
    return os.stat("f").st_mtime


with open("f", "w") as out:
    out.write("x")
first = when()
time.sleep(0.2)
with open("f") as source:
    source.read()
print(when() == first)
with open("f", "a") as out:
    out.write("y")
print(when() - first > 0.1)
