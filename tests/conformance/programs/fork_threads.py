"""Of the threads only the one that forks is there in the child."""

import os
import threading
import time

ticks = []


def tick():
    while True:
        ticks.append(1)
        time.sleep(0.02)


threading.Thread(target=tick, daemon=True, name="ticker").start()
time.sleep(0.1)
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    before = len(ticks)
    time.sleep(0.2)
    names = [thread.name for thread in threading.enumerate()]
    again = threading.Thread(target=lambda: names.append("again"))
    again.start()
    again.join()
    os.write(writer, f"{names} {len(ticks) - before}".encode())
    os._exit(0)
before = len(ticks)
os.waitpid(child, 0)
print(os.read(reader, 100).decode(), len(ticks) > before)
