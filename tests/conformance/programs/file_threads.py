"""Files that threads write have the times at which they did."""

import os
import threading
import time


def write(name, seconds):
    time.sleep(seconds)
    with open(name, "w") as out:
        out.write("x")


threads = [threading.Thread(target=write, args=pair) for pair in (("late", 0.3), ("early", 0.1))]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(os.path.getmtime("late") - os.path.getmtime("early") > 0.1)
