"""A name that nobody has is not found."""

import socket

try:
    socket.getaddrinfo("no-such-host.invalid", 80)
except socket.gaierror:
    print("gaierror")
print(socket.inet_aton("10.0.0.1"), socket.ntohs(socket.htons(5)), socket.getdefaulttimeout())
