"""A sender is held, or times out, when nobody reads."""

import socket
import threading
import time

one, other = socket.socketpair()
one.settimeout(0.2)
try:
    one.sendall(b"x" * 5_000_000)
except socket.timeout:
    print("timeout")
one, other = socket.socketpair()
log = []
thread = threading.Thread(target=lambda: (one.sendall(b"x" * 1_000_000), log.append("sent")))
thread.start()
time.sleep(0.1)
print(log)
count = 0
while count < 1_000_000:
    count += len(other.recv(65536))
thread.join()
print(log, count)
