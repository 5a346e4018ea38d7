"""Who writes to a child that has gone is told; a full pipe holds its writer."""

import os
import time

reader, writer = os.pipe()
child = os.fork()
if child == 0:
    os.close(writer)
    time.sleep(0.2)
    total = 0
    while total < 150_000:
        total += len(os.read(reader, 50_000))
    os._exit(total == 150_000)
os.close(reader)
print(os.write(writer, b"x" * 150_000))
print(os.waitpid(child, 0)[1] >> 8)
try:
    os.write(writer, b"x")
except BrokenPipeError as error:
    print(error.errno)
