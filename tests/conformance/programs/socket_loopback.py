"""A client talks to a server in another thread."""

import socket
import threading

server = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = server.accept()
    with connection, connection.makefile("rw") as lines:
        for line in lines:
            lines.write(line.upper())
            lines.flush()


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(server.getsockname(), timeout=10) as client:
    client.sendall(b"one\ntwo\n")
    print(client.recv(4), client.recv(4))
    client.shutdown(socket.SHUT_WR)
    print(client.recv(4))
thread.join()
server.close()
