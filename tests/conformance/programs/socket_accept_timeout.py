"""Nobody comes: accept times out, and can be asked again."""

import socket
import threading

server = socket.create_server(("127.0.0.1", 0))
server.settimeout(0.1)
try:
    server.accept()
except socket.timeout:
    print("timeout")
address = server.getsockname()
threading.Timer(0.1, lambda: socket.create_connection(address).close()).start()
server.settimeout(10)
connection, peer = server.accept()
print(connection.recv(1), peer[0], peer != address)
