"""What a TLS client and a server tell each other, without a byte encrypted.

Models who shows which certificates, what the client trusts and checks, and the two ways in which a
handshake fails: the client does not trust the server (VerifyError), or the server does not
trust the client (an alert). Words are OpenSSL's own (include/openssl/x509_vfy.h.in,
crypto/x509/x509_txt.c and ssl/ssl_err.c of OpenSSL 3.0), numbers those of X509_V_ERR_*.
Not modelled: ciphers, key exchange, session resumption, renegotiation.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Callable
from typing import Mapping

from simkernel.errors import HarnessError

NOT_YET_VALID = (9, "certificate is not yet valid")
EXPIRED = (10, "certificate has expired")
SELF_SIGNED = (18, "self-signed certificate")
SELF_SIGNED_IN_CHAIN = (19, "self-signed certificate in certificate chain")
UNKNOWN_ISSUER = (20, "unable to get local issuer certificate")
REVOKED = (23, "certificate revoked")
HOST_MISMATCH = (62, "Hostname mismatch, certificate is not valid for '{name}'.")
ADDRESS_MISMATCH = (64, "IP address mismatch, certificate is not valid for '{name}'.")

TLS_1_2, TLS_1_3 = "TLSv1.2", "TLSv1.3"
CIPHERS: Mapping[str, tuple[str, str, int]] = {
    TLS_1_2: ("ECDHE-RSA-AES256-GCM-SHA384", TLS_1_2, 256),
    TLS_1_3: ("TLS_AES_256_GCM_SHA384", TLS_1_3, 256),
}

# What an alert is called on the wire -> what OpenSSL calls it in the one who gets it.
ALERTS: Mapping[str, str] = {
    "access denied": "tlsv1 alert access denied",
    "bad certificate": "sslv3 alert bad certificate",
    "certificate expired": "sslv3 alert certificate expired",
    "certificate required": "tlsv13 alert certificate required",
    "certificate revoked": "sslv3 alert certificate revoked",
    "certificate unknown": "sslv3 alert certificate unknown",
    "decode error": "tlsv1 alert decode error",
    "decrypt error": "tlsv1 alert decrypt error",
    "handshake failure": "sslv3 alert handshake failure",
    "internal error": "tlsv1 alert internal error",
    "protocol version": "tlsv1 alert protocol version",
    "unknown ca": "tlsv1 alert unknown ca",
    "unrecognized name": "tlsv1 unrecognized name",
    "unsupported certificate": "sslv3 alert unsupported certificate",
}
# The number of an alert on the wire (RFC 8446, section 6).
ALERT_NUMBERS: Mapping[str, int] = {
    "access denied": 49,
    "bad certificate": 42,
    "certificate expired": 45,
    "certificate required": 116,
    "certificate revoked": 44,
    "certificate unknown": 46,
    "decode error": 50,
    "decrypt error": 51,
    "handshake failure": 40,
    "internal error": 80,
    "protocol version": 70,
    "unknown ca": 48,
    "unrecognized name": 112,
    "unsupported certificate": 43,
}
DEFAULT_ANCHORS = "default"
"""Stands, among the trust anchors of a client, for what its machine trusts by default."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What a client says when it opens: *chain* is the PEM text that it shows, "" for none.

    *anchors* are PEM texts of what it trusts (or DEFAULT_ANCHORS); *verify* tells whether it
    looks at the server's certificate at all, *check_name* whether the name in it must be
    *server_name*. *newest* is the highest version that it speaks.
    """

    server_name: str = ""
    chain: str = ""
    anchors: tuple[str, ...] = (DEFAULT_ANCHORS,)
    verify: bool = True
    check_name: bool = True
    newest: str = TLS_1_3


@dataclass(frozen=True, slots=True)
class Greeting:
    """How a server answers a client that trusts it.

    *peer* is its certificate as ``ssl.SSLSocket.getpeercert`` shows it, *der* the same in DER.
    *alert* is why it will not have the client's certificate ("" if it will): in TLS 1.3 the
    client only hears of that when it reads, in TLS 1.2 before the handshake is over.
    """

    peer: Mapping[str, Any] = field(default_factory=dict)
    der: bytes = b""
    version: str = TLS_1_3
    alert: str = ""

    def __post_init__(self) -> None:
        if self.alert and self.alert not in ALERTS:
            raise HarnessError(f"no TLS alert is called {self.alert!r}")

    @property
    def cipher(self) -> tuple[str, str, int]:
        """The cipher suite as ``ssl.SSLSocket.cipher`` shows it."""
        return CIPHERS[self.version]

    @property
    def is_late(self) -> bool:
        """Tell whether the client hears of the alert only after its handshake."""
        return self.version == TLS_1_3


Greeter = Callable[[Hello], Greeting]


def reason_of(text: str) -> str:
    """Return OpenSSL's name for what it words as *text*: ``TLSV1_ALERT_UNKNOWN_CA``."""
    return text.upper().replace(" ", "_")
