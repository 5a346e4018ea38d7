"""What an ``SSLContext`` has been given: certificates to show, anchors to trust, protocols.

Files are read when they are named, as by OpenSSL, so that one that is missing or holds nothing
fails there; folders of anchors are read at each handshake. What is in them is the world's to
judge. The text of anchors, which may be long, goes to the host once; then its digest stands for
it. Not modelled: passwords of keys, anchors by issuer's hash (every file of a folder counts).
"""

from __future__ import annotations

import hashlib
import os

from guest.network.home import home
from guest.network.tls import errors

ATTRIBUTE = "_flightsim_shown"
DEFAULT = "default"
CERTIFICATE, KEY = "CERTIFICATE-----", "PRIVATE KEY-----"
_told = set()


class Shown:
    """What one context shows and trusts."""

    def __init__(self):
        self.chain = ""
        self.protocols = []
        self._anchors = []
        self._folders = []

    def load_chain(self, certfile, keyfile):
        """Read what is shown. Raises OSError, SSLError."""
        text = read(certfile)
        if CERTIFICATE not in text:
            raise errors.no_certificate("chain")
        if keyfile is not None and os.fspath(keyfile) != os.fspath(certfile):
            text += read(keyfile)
        if KEY not in text:
            raise errors.no_certificate("key")
        self.chain = text

    def certificates(self):
        """Return what is shown without the key, which stays at home."""
        blocks = self.chain.split("-----BEGIN ")
        return "".join(f"-----BEGIN {each}" for each in blocks if each.startswith("CERTIFICATE"))

    def trust(self, cafile, capath, cadata):
        """Add trust anchors. Raises OSError, SSLError, TypeError."""
        if cafile is None and capath is None and cadata is None:
            raise TypeError("cafile, capath and cadata cannot be all omitted")
        if cadata is not None:
            self._add_data(cadata)
        if cafile is not None:
            text = read(cafile)
            if CERTIFICATE not in text:
                raise errors.no_anchors()
            self._add(text)
        if capath is not None:
            self._folders.append(os.fsdecode(capath))

    def _add_data(self, data):
        text = data if isinstance(data, str) else bytes(data).decode("latin-1")
        if isinstance(data, str) and CERTIFICATE not in text:
            raise errors.no_anchor_data(data)
        if not text:
            raise ValueError("Empty certificate data")
        if not isinstance(data, str) and text[:1] != "\x30":
            raise errors.no_anchor_data(data)
        self._add(text)

    def trust_default(self):
        """Trust what the node trusts by default."""
        if DEFAULT not in self._anchors:
            self._anchors.append(DEFAULT)

    def _add(self, text):
        name = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        if name not in _told:
            _told.add(name)
            home.host.note("trust", name=name, text=text)
        if name not in self._anchors:
            self._anchors.append(name)

    def as_fields(self):
        """Return what the host is told of it in a handshake."""
        for folder in self._folders:
            self._add_folder(folder)
        return {"chain": self.certificates(), "anchors": self._anchors, "protocols": self.protocols}

    def _add_folder(self, folder):
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            return
        texts = [
            text for text in map(_read_quietly, (f"{folder}/{each}" for each in names)) if text
        ]
        if texts:
            self._add("".join(texts))


def shown_by(context):
    """Return what *context* shows and trusts."""
    shown = context.__dict__.get(ATTRIBUTE)
    if shown is None:
        shown = context.__dict__[ATTRIBUTE] = Shown()
    return shown


def read(name):
    """Return the text of a file of certificates. Raises OSError without a file name, as OpenSSL."""
    try:
        with open(name, encoding="utf-8", errors="surrogateescape") as source:
            return source.read()
    except OSError as error:
        raise OSError(error.errno, os.strerror(error.errno)) from None


def _read_quietly(name):
    try:
        text = read(name)
    except OSError:
        return ""
    return text if CERTIFICATE in text else ""
