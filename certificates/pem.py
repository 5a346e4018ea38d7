"""PEM: blocks of base64 between dashed lines, with any text around them.

Models what OpenSSL writes and reads. Not modelled: headers inside a block (encrypted keys).
Read from RFC 7468.
"""

from __future__ import annotations

import binascii
import re
from typing import Iterator

from certificates.der import CertificateError

BLOCK = re.compile(
    r"-----BEGIN (?P<label>[A-Z0-9 ]+)-----(?P<body>[A-Za-z0-9+/=\s]*?)-----END (?P=label)-----"
)
LINE = 64


def pem(label: str, body: bytes) -> str:
    """Return *body* as one block."""
    text = binascii.b2a_base64(body, newline=False).decode()
    lines = [text[at : at + LINE] for at in range(0, len(text), LINE)]
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""))


def blocks(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield the label and the bytes of each block in *text*. Raises CertificateError."""
    for match in BLOCK.finditer(text):
        try:
            yield match["label"], binascii.a2b_base64("".join(match["body"].split()))
        except binascii.Error as error:
            raise CertificateError(f"a {match['label']} that is not base64") from error
