"""TLS as the host sees it: who shows which certificate, checked at virtual time.

No bytes are encrypted: the world checks the client's credential and says yes or no. A context
reads the files that it is given, so that a missing or unreadable one fails as it does for
real; what is in them is the world's to judge. Read from CPython 3.11 Lib/ssl.py.
"""

from __future__ import annotations

import os
import ssl as real

from guest.host import Refused

SHOWN = "_flightsim_shown"


def install(host, socket_class):
    """Replace the methods of ``ssl.SSLContext`` that read certificates or wrap a socket."""

    class TlsSocket(socket_class):
        """A connected socket after its handshake."""

        def __init__(self, plain, context, server_hostname):
            super().__init__(plain.family, plain.type, plain.proto)
            self._connection = plain._connection
            self._peer = plain._peer
            self._timeout = plain._timeout
            self._number = plain._number
            self.context = context
            self.server_hostname = server_hostname
            plain._connection, plain._closed = None, True

        def do_handshake(self, block=False):
            try:
                host.call(
                    "tls",
                    self._timeout,
                    conn=self._connection.number,
                    server=self.server_hostname or "",
                    shown=getattr(self.context, SHOWN, ""),
                    verify=self.context.verify_mode != real.CERT_NONE,
                )
            except Refused as refusal:
                if refusal.number:
                    raise OSError(refusal.number, refusal.text) from None
                raise real.SSLError(1, refusal.text) from None

        def getpeercert(self, binary_form=False):
            return b"" if binary_form else {"subject": ((("commonName", self.server_hostname),),)}

        def cipher(self):
            return ("TLS_AES_256_GCM_SHA384", "TLSv1.3", 256)

        def version(self):
            return "TLSv1.3"

        def selected_alpn_protocol(self):
            return None

        def unwrap(self):
            return self

        def pending(self):
            return 0

    def wrap_socket(
        self,
        sock,
        server_side=False,
        do_handshake_on_connect=True,
        suppress_ragged_eofs=True,
        server_hostname=None,
        session=None,
    ):
        wrapped = TlsSocket(sock, self, server_hostname)
        if do_handshake_on_connect and wrapped._connection is not None:
            wrapped.do_handshake()
        return wrapped

    def load_cert_chain(self, certfile, keyfile=None, password=None):
        with open(certfile, encoding="utf-8", errors="replace") as source:
            text = source.read()
        if "-----BEGIN" not in text:
            raise real.SSLError(9, "[SSL] PEM lib")
        setattr(self, SHOWN, text)

    def load_verify_locations(self, cafile=None, capath=None, cadata=None):
        if cafile is None and capath is None and cadata is None:
            raise TypeError("cafile, capath and cadata cannot be all omitted")
        if cafile is not None:
            with open(cafile, "rb"):
                pass

    context = real.SSLContext
    context.wrap_socket = wrap_socket
    context.load_cert_chain = load_cert_chain
    context.load_verify_locations = load_verify_locations
    context.load_default_certs = lambda self, purpose=None: None
    context.set_default_verify_paths = lambda self: None
    real.get_server_certificate = lambda *args, **kwargs: ""
    real.RAND_bytes = lambda size: os.urandom(size)
