"""A sleep takes as long as it says."""

import subprocess
import time

begin = time.monotonic()
subprocess.run(["sleep", "0.3"])
print(0.3 <= time.monotonic() - begin < 10)
