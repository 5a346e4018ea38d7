"""``ssl.SSLContext`` on the simulated network; the rest of ``ssl`` is CPython's own.

A context keeps its real settings (versions, options, how to verify), which CPython checks as
ever; only what would reach certificates or a real connection is replaced.
"""

from __future__ import annotations

import os

from guest.afterwards import afterwards


def install():
    """Change ``ssl`` as soon as a program imports it, or now."""
    afterwards.change("ssl", change)


def change(ssl):
    """Replace the methods of ``ssl.SSLContext`` that read certificates or wrap a connection."""
    from guest.network.tls.engine import Engine
    from guest.network.tls.links import BufferLink
    from guest.network.tls.links import SocketLink
    from guest.network.tls.shown import shown_by

    true_protocols = ssl.SSLContext.set_alpn_protocols

    def wrap_socket(self, sock, server_side, server_hostname=None, *, owner=None, session=None):
        return Engine(self, SocketLink(sock), server_side, server_hostname, owner)

    def wrap_bio(self, incoming, outgoing, server_side, server_hostname=None, **others):
        link = BufferLink(incoming, outgoing)
        return Engine(self, link, server_side, server_hostname, others.get("owner"))

    def load_cert_chain(self, certfile, keyfile=None, password=None):
        shown_by(self).load_chain(certfile, keyfile)

    def load_verify_locations(self, cafile=None, capath=None, cadata=None):
        shown_by(self).trust(cafile, capath, cadata)

    def set_alpn_protocols(self, protocols):
        true_protocols(self, protocols)
        shown_by(self).protocols = list(protocols)

    def trust_default(self, purpose=ssl.Purpose.SERVER_AUTH):
        shown_by(self).trust_default()

    context = ssl.SSLContext
    context._wrap_socket, context._wrap_bio = wrap_socket, wrap_bio
    context.load_cert_chain = load_cert_chain
    context.load_verify_locations = load_verify_locations
    context.load_default_certs = trust_default
    context.set_default_verify_paths = lambda self: trust_default(self)
    context.set_alpn_protocols = set_alpn_protocols
    ssl.RAND_bytes = lambda size: os.urandom(size)
    ssl.RAND_add = lambda data, entropy: None
    if hasattr(ssl, "RAND_pseudo_bytes"):
        ssl.RAND_pseudo_bytes = lambda size: (os.urandom(size), True)
