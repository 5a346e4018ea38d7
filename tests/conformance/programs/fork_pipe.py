"""A child writes into a pipe what its parent reads; the end comes when all writers are gone."""

import os
import time

reader, writer = os.pipe()
child = os.fork()
if child == 0:
    os.close(reader)
    for word in (b"one", b"two"):
        time.sleep(0.1)
        os.write(writer, word)
    os._exit(7)
os.close(writer)
print(os.read(reader, 100), os.read(reader, 100), os.read(reader, 100))
pid, status = os.waitpid(child, 0)
print(pid == child, os.WIFEXITED(status), os.WEXITSTATUS(status))
