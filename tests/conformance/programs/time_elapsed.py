"""The elapsed time of os.times goes on with the clock."""

import os
import time

begin = os.times()
time.sleep(0.3)
after = os.times()
print(0.25 < after.elapsed - begin.elapsed < 5, len(after))
