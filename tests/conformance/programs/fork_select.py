"""select tells of the pipe of a child, when there is something, and of its end."""

import os
import select
import time

reader, writer = os.pipe()
child = os.fork()
if child == 0:
    time.sleep(0.2)
    os.write(writer, b"late")
    os._exit(0)
os.close(writer)
print(select.select([reader], [], [], 0.05)[0])
print(select.select([reader], [], [], 5)[0] == [reader], os.read(reader, 10))
poll = select.poll()
poll.register(reader, select.POLLIN)
print([mask for _, mask in poll.poll(5000)] == [select.POLLHUP], os.read(reader, 10))
