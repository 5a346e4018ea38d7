"""A folder has the time of the last change to its entries."""

import os
import time


def when():
    return os.stat("d").st_mtime


os.mkdir("d")
for change in (
    lambda: open("d/f", "w").close(),
    lambda: os.rename("d/f", "d/g"),
    lambda: os.remove("d/g"),
    lambda: os.mkdir("d/e"),
    lambda: os.rmdir("d/e"),
):
    before = when()
    time.sleep(0.1)
    change()
    print(when() - before > 0.05)
