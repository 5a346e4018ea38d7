"""INC-061 one kind of addresses only

pilot3 before 3.4.1.36 (8acbe40c, 2022-10-27): requests went by one IP stack, and there was no
second attempt by the other.
"""

from __future__ import annotations

SCENARIO = "inc-061-one-ip-stack::no-route"
PATCHES = {
    "live_http.py": (
        "        try:\n            return _complete(self._open(request), until)\n",
        "        import socket\n\n        looked_up = socket.getaddrinfo\n\n        def by_ipv6(host, port, family=0, *more, **named):\n            found = looked_up(host, port, socket.AF_INET6, *more)\n            return found\n\n        socket.getaddrinfo, before = by_ipv6, looked_up\n        try:\n            return _complete(self._open(request), until)\n        finally:\n            socket.getaddrinfo = before\n        try:\n            return _complete(self._open(request), until)\n",
    )
}
EXPECTED = {"expect": ""}
