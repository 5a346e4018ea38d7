"""Files sorted by time are in the order of their writing."""

import glob
import os
import time

for name in "cab":
    with open(f"{name}.txt", "w") as out:
        out.write(name)
    time.sleep(0.1)
print(sorted(glob.glob("*.txt"), key=os.path.getmtime))
