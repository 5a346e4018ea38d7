"""A site's HTTP cache on the simulated network: it forwards, and keeps nothing.

Models a proxy that is asked for whole URLs. Not modelled: caching, CONNECT (the tunnel that
https goes through), access lists.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from typing import Generator
from urllib.parse import urlsplit

from fakesites.conditions import SQUID_PORT
from simkernel import NetError
from simkernel import Network
from simkernel import Request
from simkernel import Response
from simkernel.network import Service

BAD_REQUEST, BAD_GATEWAY = 400, 503
PORTS = {"http": 80, "https": 443}


def open_squid(network: Network, host: str) -> None:
    """Add *host* to *network*, with a cache that listens there."""
    network.add_host(host)

    def handle(request: Request) -> Generator[Any, Any, Response]:
        parts = urlsplit(request.path)
        if parts.scheme not in PORTS or not parts.hostname:
            return Response(BAD_REQUEST)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        port = parts.port or PORTS[parts.scheme]
        forwarded = replace(request, host=parts.hostname, port=port, path=path, source=host)
        try:
            response: Response = yield from network.fetch(forwarded)
        except NetError as error:
            return Response(BAD_GATEWAY, body=f"{error.text}\n".encode())
        return response

    network.listen(host, SQUID_PORT, Service(handle))
