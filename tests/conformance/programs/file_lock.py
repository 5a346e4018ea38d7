"""A file made exclusively is made once."""

import os
import threading

log = []


def attempt():
    try:
        os.close(os.open("lock", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        log.append("made")
    except FileExistsError:
        log.append("there")


threads = [threading.Thread(target=attempt) for _ in range(3)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(sorted(log))
