"""Distinguished names: in the slash form of grid tools, in DER, compared, and hashed.

Models the form of OpenSSL's X509_NAME_oneline (``/DC=sim/DC=grid/CN=Ada``, other bytes than
printable ASCII as ``\\xC3``), the canonical form in which names are compared (letter case and
spaces do not count), and the hash that names the files of a CA folder. Not modelled: names of
several values in one step when writing; they are read, joined by "+".
Read from openssl/openssl@0223dfcf: crypto/x509/x509_obj.c, crypto/x509/x_name.c.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from certificates import der

ATTRIBUTES = {
    "CN": "2.5.4.3",
    "SN": "2.5.4.4",
    "serialNumber": "2.5.4.5",
    "C": "2.5.4.6",
    "L": "2.5.4.7",
    "ST": "2.5.4.8",
    "street": "2.5.4.9",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "title": "2.5.4.12",
    "GN": "2.5.4.42",
    "DC": "0.9.2342.19200300.100.1.25",
    "UID": "0.9.2342.19200300.100.1.1",
    "emailAddress": "1.2.840.113549.1.9.1",
}
SHORT = {dotted: short for short, dotted in ATTRIBUTES.items()}
COMMON_NAME = ATTRIBUTES["CN"]
# A slash begins a new part only where an attribute follows: /CN=host/node.sim is one part.
STEP = re.compile(rf"/({'|'.join(ATTRIBUTES)})=")
PRINTABLE_TEXT = re.compile(r"[A-Za-z0-9 '()+,\-./:=?]*")
IA5_NAMES = ("DC", "emailAddress")
# The types whose text is folded before names are compared.
FOLDED = (der.UTF8, der.PRINTABLE, der.T61, der.IA5, der.BMP)
SPACES = re.compile(r"[ \t\n\v\f\r]+")


@lru_cache(maxsize=1024)
def encode_name(name: str) -> bytes:
    """Return *name* (slash form) in DER. Raises CertificateError."""
    words = STEP.split(name)
    if len(words) < 3 or words[0]:
        raise der.CertificateError(f"no distinguished name: {name!r}")
    pairs = zip(words[1::2], words[2::2], strict=True)
    return der.sequence(*(_step(short, text) for short, text in pairs))


def add_common_name(name: bytes, text: str) -> bytes:
    """Return the DER *name* with a last part CN=*text*."""
    return der.sequence(der.read(name, der.SEQUENCE).content, _step("CN", text))


def parent_of(name: bytes) -> bytes:
    """Return the DER *name* without its last part."""
    steps = der.read(name, der.SEQUENCE).children()
    return der.sequence(*(step.raw for step in steps[:-1]))


def last_common_name(name: bytes) -> str | None:
    """Return the text of the last part of the DER *name* if it is a single CN, else None."""
    steps = der.read(name, der.SEQUENCE).children()
    pairs = _pairs(steps[-1]) if steps else []
    if len(pairs) == 1 and pairs[0][0] == COMMON_NAME:
        return pairs[0][1].text()
    return None


def common_names(name: bytes) -> tuple[str, ...]:
    """Return the text of every CN in the DER *name*."""
    steps = der.read(name, der.SEQUENCE).children()
    pairs = [pair for step in steps for pair in _pairs(step)]
    return tuple(element.text() for dotted, element in pairs if dotted == COMMON_NAME)


def _step(short: str, text: str) -> bytes:
    dotted = ATTRIBUTES[short]
    try:
        return der.set_of(der.sequence(der.oid(dotted), _text(short, text)))
    except UnicodeEncodeError as error:
        raise der.CertificateError(f"{short} cannot hold {text!r}") from error


def _text(short: str, text: str) -> bytes:
    if short in IA5_NAMES:
        return der.value(der.IA5, text.encode("ascii"))
    if PRINTABLE_TEXT.fullmatch(text):
        return der.value(der.PRINTABLE, text.encode("ascii"))
    return der.value(der.UTF8, text.encode())


def _pairs(step: der.Element) -> list[tuple[str, der.Element]]:
    """Return the types and values of one part of a name."""
    pairs = []
    for pair in step.children():
        reader = pair.reader()
        pairs.append((reader.take(der.OID).oid(), reader.take()))
        reader.close()
    return pairs


@lru_cache(maxsize=1024)
def slash_form(name: bytes) -> str:
    """Return the DER *name* as OpenSSL prints it on one line. Raises CertificateError."""
    parts = []
    for step in der.read(name, der.SEQUENCE).children():
        for at, (dotted, element) in enumerate(_pairs(step)):
            sign = "+" if at else "/"
            parts.append(f"{sign}{SHORT.get(dotted, dotted)}={_visible(element.content)}")
    return "".join(parts)


def _visible(content: bytes) -> str:
    return "".join(chr(b) if 0x20 <= b <= 0x7E else f"\\x{b:02X}" for b in content)


@lru_cache(maxsize=1024)
def canonical(name: bytes) -> bytes:
    """Return the form of the DER *name* in which names are compared and hashed."""
    steps = der.read(name, der.SEQUENCE).children()
    return b"".join(
        der.set_of(*(der.sequence(der.oid(dotted), _folded(e)) for dotted, e in _pairs(step)))
        for step in steps
    )


def _folded(element: der.Element) -> bytes:
    if element.tag not in FOLDED:
        return element.raw
    text = SPACES.sub(" ", element.text().strip(" \t\n\v\f\r"))
    small = "".join(c.lower() if c.isascii() else c for c in text)
    return der.value(der.UTF8, small.encode("utf-8", "surrogatepass"))


def name_hash(name: bytes) -> str:
    """Return the eight digits that name a CA's files, e.g. 2b1d14f0 for 2b1d14f0.0."""
    # The canonical form is hashed without an outer SEQUENCE; the digits are little-endian.
    digest = hashlib.sha1(canonical(name), usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}"
