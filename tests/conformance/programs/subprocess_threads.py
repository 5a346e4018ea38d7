"""Commands of several threads run at the same time."""

import subprocess
import threading
import time

log = []


def work(seconds):
    subprocess.run(["sleep", str(seconds)])
    log.append(seconds)


begin = time.monotonic()
threads = [threading.Thread(target=work, args=(seconds,)) for seconds in (0.6, 0.2, 0.4)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(log, time.monotonic() - begin >= 0.6)
