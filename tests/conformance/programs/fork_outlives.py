"""A child goes on when its parent has ended."""

import os
import sys
import time

reader, writer = os.pipe()
middle = os.fork()
if middle == 0:
    os.close(reader)
    if os.fork() == 0:
        before = os.getppid()
        time.sleep(0.3)
        os.write(writer, b"orphan %d" % (os.getppid() != before))
        os._exit(0)
    time.sleep(0.1)
    os._exit(5)
os.close(writer)
print(os.waitpid(middle, 0)[1] >> 8)
sys.stdout.flush()
print(os.read(reader, 100), os.read(reader, 100))
