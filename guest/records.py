"""What stands for TLS on a connection: records with a kind and a length, and nothing encrypted.

    kind (1 byte), 3, 3 (the version, as in TLS), length (4 bytes, not 2), content

A handshake record holds JSON, an alert record the name of an alert and OpenSSL's words for it, a
data record data. Both ends speak it: the guest's ``ssl`` and the host's connections.
"""

from __future__ import annotations

import json
from typing import Any

HANDSHAKE, ALERT, DATA = 0x16, 0x15, 0x17
KINDS = (HANDSHAKE, ALERT, DATA)
VERSION = b"\x03\x03"
HEADER = 7
CLOSE = "close notify"
"""The alert that ends a connection properly."""


class NotTls(Exception):
    """The bytes are no records: the other side speaks something else."""


def record(kind: int, content: bytes) -> bytes:
    """Return one record of bytes."""
    return bytes((kind,)) + VERSION + len(content).to_bytes(4, "big") + content


def handshake(fields: dict[str, Any]) -> bytes:
    """Return a handshake record of what JSON can hold."""
    return record(HANDSHAKE, json.dumps(fields, separators=(",", ":")).encode())


def alert(name: str, text: str = "") -> bytes:
    """Return the record of an alert: its *name*, and the *text* that its reader shows."""
    return record(ALERT, json.dumps([name, text]).encode())


def fields_of(content: bytes) -> Any:
    """Return what a handshake or an alert record holds."""
    return json.loads(content)


class Reader:
    """Takes bytes as they come and gives records as they are complete."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> None:
        """Take *data*."""
        self._data += data

    def next(self) -> tuple[int, bytes] | None:
        """Return (kind, content) of the next record, or None; raises NotTls."""
        data = self._data
        if not data:
            return None
        if data[0] not in KINDS:
            raise NotTls(bytes(data[:HEADER]))
        if len(data) < HEADER:
            return None
        end = HEADER + int.from_bytes(data[3:HEADER], "big")
        if len(data) < end:
            return None
        kind, content = data[0], bytes(data[HEADER:end])
        del data[:end]
        return kind, content
