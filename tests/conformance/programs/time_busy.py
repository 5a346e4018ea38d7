"""A loop that only looks at the clock ends."""

import time

end = time.monotonic() + 0.2
count = 0
while time.monotonic() < end:
    count += 1
print(count > 0)
