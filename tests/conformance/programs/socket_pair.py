"""What one end of a pair of sockets sends, the other receives; a wait for it times out."""

import socket
import threading

one, other = socket.socketpair()
one.settimeout(0.1)
try:
    one.recv(1)
except socket.timeout:
    print("timeout")
threading.Timer(0.1, other.sendall, (b"late",)).start()
one.settimeout(10)
print(one.recv(100))
other.close()
print(one.recv(1))
