"""RSA-signed job records: an encryption of the transformation proves where a record is from.

The column ``encrypt`` (250 characters) holds the signature of the transformation by the server's
key, in base64. A record whose transformation was changed on the way does not pass ``proves``, and
a careful pilot does not run it. 1,024 bits, because a longer signature does not fit the column.
Source: the column is of schema revision 5 of the job table, of early PanDA.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any
from typing import Mapping

from certificates.keys import PrivateKey
from certificates.keys import PublicKey
from certificates.keys import is_signature
from certificates.keys import key_of

COLUMN = "encrypt"
BITS = 1024


@lru_cache(maxsize=4)
def server_key(server_id: str) -> PrivateKey:
    """Return the key by which the server *server_id* signs."""
    return key_of(server_id, "job records", bits=BITS)


@lru_cache(maxsize=4096)
def signature(transformation: str, *, server_id: str) -> str:
    """Return what goes into the column ``encrypt``."""
    return base64.b64encode(server_key(server_id).sign(transformation.encode())).decode()


def proves(record: Mapping[str, Any], *, key: PublicKey) -> bool:
    """Tell whether the owner of *key* signed the transformation of *record*."""
    try:
        signed = base64.b64decode(str(record.get(COLUMN, "")), validate=True)
    except ValueError:
        return False
    return is_signature(
        signed, str(record.get("transformation", "")).encode(), digest="sha256", key=key
    )
