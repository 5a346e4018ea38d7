"""The methods of ``ssl.SSLContext`` that read certificates or wrap a connection.

A context keeps its real settings (versions, options, how to verify), which CPython checks as
ever; what it shows and trusts is kept beside it (guest/network/tls/shown.py).
"""

from __future__ import annotations

import os
import ssl

from guest.network.tls.engine import Engine
from guest.network.tls.links import BufferLink
from guest.network.tls.links import SocketLink
from guest.network.tls.shown import shown_by

_true_set_protocols = ssl.SSLContext.set_alpn_protocols


def wrap_socket(self, sock, server_side, server_hostname=None, *, owner=None, session=None):
    """Stand for ``_ssl._SSLContext._wrap_socket``."""
    return Engine(self, SocketLink(sock), server_side, server_hostname, owner)


def wrap_bio(
    self, incoming, outgoing, server_side, server_hostname=None, *, owner=None, session=None
):
    """Stand for ``_ssl._SSLContext._wrap_bio``."""
    return Engine(self, BufferLink(incoming, outgoing), server_side, server_hostname, owner)


def load_cert_chain(self, certfile, keyfile=None, password=None):
    """Stand for the method of that name. Raises OSError, SSLError."""
    shown_by(self).load_chain(certfile, keyfile)


def load_verify_locations(self, cafile=None, capath=None, cadata=None):
    """Stand for the method of that name. Raises OSError, SSLError, TypeError."""
    shown_by(self).trust(cafile, capath, cadata)


def load_default_certs(self, purpose=ssl.Purpose.SERVER_AUTH):
    """Stand for the method of that name."""
    shown_by(self).trust_default()


def set_default_verify_paths(self):
    """Stand for the method of that name."""
    shown_by(self).trust_default()


def set_alpn_protocols(self, protocols):
    """Stand for the method of that name."""
    _true_set_protocols(self, protocols)
    shown_by(self).protocols = list(protocols)


def random_bytes(size):
    """Stand for ``ssl.RAND_bytes``: from the seed, like all that is random."""
    return os.urandom(size)


def pseudo_random_bytes(size):
    """Stand for ``ssl.RAND_pseudo_bytes``, which is gone from 3.12 on."""
    return os.urandom(size), True


def add_random(data, entropy):
    """Stand for ``ssl.RAND_add``: there is enough already."""


def install():
    """Replace them."""
    context = ssl.SSLContext
    context._wrap_socket, context._wrap_bio = wrap_socket, wrap_bio
    for method in (
        load_cert_chain,
        load_default_certs,
        load_verify_locations,
        set_alpn_protocols,
        set_default_verify_paths,
    ):
        setattr(context, method.__name__, method)
    ssl.RAND_bytes, ssl.RAND_add = random_bytes, add_random
    if hasattr(ssl, "RAND_pseudo_bytes"):
        ssl.RAND_pseudo_bytes = pseudo_random_bytes
