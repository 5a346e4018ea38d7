"""Parent and child talk over a pair of sockets."""

import os
import socket
import time

ours, theirs = socket.socketpair()
child = os.fork()
if child == 0:
    ours.close()
    while True:
        data = theirs.recv(100)
        if not data:
            break
        time.sleep(0.05)
        theirs.sendall(data.upper())
    os._exit(3)
theirs.close()
for word in (b"first", b"second"):
    ours.sendall(word)
    print(ours.recv(100))
ours.shutdown(socket.SHUT_WR)
print(ours.recv(100), os.waitpid(child, 0)[1] >> 8)
