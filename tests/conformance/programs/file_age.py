"""The age of a file grows with the clock."""

import os
import time

with open("f", "w") as out:
    out.write("x")
ages = []
for _ in range(3):
    ages.append(time.time() - os.path.getmtime("f"))
    time.sleep(0.1)
print(ages == sorted(ages), ages[-1] - ages[0] > 0.15, ages[0] < 5)
