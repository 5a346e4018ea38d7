"""Sockets, names, TLS and waiting for any of them: all in memory, on virtual time.

CPython's own ``socket``, ``ssl``, ``selectors`` and ``asyncio`` run unchanged: what they stand on
(``_socket``, the objects of ``_ssl``, ``select``) is replaced before they are imported.
"""

from __future__ import annotations


def install(hub, host, root, facts, pipes):
    """Replace ``_socket``, ``ssl`` and ``select``; *pipes* are other numbers that select takes."""
    from guest.network import module
    from guest.network import selects
    from guest.network import tls
    from guest.network.connection import connections
    from guest.network.home import home

    home.fill(hub, host, root, facts)
    host.takers["conn"] = connections.take
    module.install()
    selects.install(pipes)
    tls.install()
