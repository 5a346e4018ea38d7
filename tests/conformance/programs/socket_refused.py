"""A port that nobody listens on refuses at once."""

import socket

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    address = free.getsockname()
try:
    socket.create_connection(address, timeout=10)
except ConnectionRefusedError as error:
    print(type(error).__name__)
with socket.socket() as client:
    print(client.connect_ex(address) != 0)
