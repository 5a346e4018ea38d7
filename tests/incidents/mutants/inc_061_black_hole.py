"""INC-061 one kind of addresses only

pilot3 before 3.4.1.36 (8acbe40c, 2022-10-27): requests went by one IP stack, and there was no
second attempt by the other.
"""

from __future__ import annotations

SCENARIO = "inc-061-one-ip-stack::black-hole"
PATCHES = {
    "live_connect.py": (
        "    found = net.getaddrinfo(host, port, type=socket.SOCK_STREAM)\n",
        "    found = net.getaddrinfo(host, port, socket.AF_INET6, socket.SOCK_STREAM)\n",
    ),
}
EXPECTED = {"expect": "was never dispatched"}
