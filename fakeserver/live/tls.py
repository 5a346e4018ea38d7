"""TLS as a grid's web server does it: a client may show a certificate, proxies included.

Who shows none is let in as nobody; what cannot be verified ends the handshake with the alert
that OpenSSL has for it, as under Apache with ``SSLVerifyClient optional``. Read from
panda-server@9cc36033:templates/panda_server-httpd.conf.rpmnew.template (``SSLVerifyDepth 10``,
``+LegacyDNStringFormat``). Simplified: proxies of RFC 3820 only (mod_gridsite takes old ones too),
no revocation lists. Certificates end by the time of day, wherever the server's clock is.
"""

from __future__ import annotations

import _ssl
import socket
import ssl
from typing import Any

from cheroot.makefile import StreamReader
from cheroot.makefile import StreamWriter
from cheroot.ssl import Adapter

from certificates.certificate import read_certificate
from certificates.chain import Chain
from certificates.der import CertificateError
from fakeserver.live.trust import Trust

FAREWELL_S = 2.0
FAREWELL_BYTES = 256 * 1024


class TlsAdapter(Adapter):
    """What cheroot asks for TLS; the handshake is left to the connection's own thread."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context

    def bind(self, sock: socket.socket) -> socket.socket:
        """Return the listening socket as it is."""
        return sock

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, Any]]:
        """Return *sock* ready for a handshake, and nothing known of the client yet.

        cheroot calls this in its only accepting thread, where a client that says nothing would
        keep everybody waiting.
        """
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, {}

    def get_environ(self) -> dict[str, Any]:
        """Return nothing: the connection knows."""
        return {}

    def makefile(self, sock: ssl.SSLSocket, mode: str = "r", bufsize: int = -1) -> Any:
        """Return the file object that cheroot reads or writes."""
        kind = StreamReader if "r" in mode else StreamWriter
        return kind(sock, mode, bufsize)


def server_context(*, certificate: str, trust: Trust) -> ssl.SSLContext:
    """Return the context of a server that shows the credential in the file *certificate*.

    Raises OSError or ssl.SSLError if that file has no certificate with its key.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate)
    context.load_verify_locations(cadata=trust.pem())
    context.verify_mode = ssl.CERT_OPTIONAL
    context.verify_flags |= ssl.VerifyFlags.VERIFY_ALLOW_PROXY_CERTS
    # A resumed session has the client's own certificate only, and a proxy's issuers tell who it is.
    context.options |= ssl.OP_NO_TICKET
    context.num_tickets = 0
    return context


def peer_chain(connection: ssl.SSLSocket) -> Chain | None:
    """Return what the client showed, its own certificate first; None if it showed none."""
    if connection.getpeercert(binary_form=True) is None:
        return None
    # Public from Python 3.13 on, and there since 3.10.
    shown = connection._sslobj.get_unverified_chain()  # type: ignore[attr-defined]
    bodies = [each.public_bytes(_ssl.ENCODING_DER) for each in shown]
    try:
        return Chain(tuple(map(read_certificate, bodies)))
    except CertificateError:
        return None


def environ_of(connection: ssl.SSLSocket, trust: Trust, *, now: float) -> dict[str, Any]:
    """Return what mod_ssl and mod_gridsite would say of the client, for the WSGI environ."""
    environ: dict[str, Any] = {
        "wsgi.url_scheme": "https",
        "HTTPS": "on",
        "SSL_PROTOCOL": connection.version() or "",
        "SSL_CLIENT_VERIFY": "NONE",
    }
    chain = peer_chain(connection)
    if chain is None:
        return environ
    return environ | {
        "SSL_CLIENT_VERIFY": "SUCCESS",
        "SSL_CLIENT_S_DN": chain.leaf.subject,
        "SSL_CLIENT_I_DN": chain.leaf.issuer,
        "SSL_CLIENT_CERT": chain.leaf.pem(),
        "flightsim.fqans": trust.fqans(chain, now=now),
    }


def say_farewell(connection: ssl.SSLSocket) -> None:
    """Let a client read why its handshake failed: a socket closed at once would take it back."""
    try:
        connection.settimeout(FAREWELL_S)
        # On the socket itself, below TLS, which is over.
        socket.socket.shutdown(connection, socket.SHUT_WR)
        taken = 0
        while taken < FAREWELL_BYTES and (piece := socket.socket.recv(connection, 4096)):
            taken += len(piece)
    except OSError:
        return  # it has gone already
