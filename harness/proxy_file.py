"""The credential of a flight's pilots: the proxy that each node holds, as a file."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any
from typing import Mapping
from typing import Sequence

from fakesites.credentials import Credential
from fakesites.credentials import read_pem
from fakesites.issuers import PILOTS
from fakesites.recipes import fqans_of
from fakesites.recipes import make_proxy

NAME = "cred/x509up"
MODE = 0o600
LIFETIME_S = 96 * 3600.0


def new_proxy(rng: Random, *, vo: str, now: float, overrides: Mapping[str, Any]) -> Credential:
    """Return a fresh pilot proxy of *vo*, with *overrides* of make_proxy's arguments."""
    fields: dict[str, Any] = {
        "dn": PILOTS,
        "lifetime_s": LIFETIME_S,
        "vo": vo,
        "fqans": fqans_of(vo, "production", "pilot"),
        **overrides,
    }
    return make_proxy(rng, now=now, **fields)


class ProxyFile:
    """The proxy files of all nodes, which always say the same."""

    def __init__(self, roots: Sequence[Path], *, mode: int = MODE) -> None:
        self._paths = [root / NAME for root in roots]
        self._mode = mode

    def read(self) -> Credential:
        """Return the credential as the first node has it."""
        return read_pem(self._paths[0].read_text(encoding="ascii"))

    def write(self, credential: Credential) -> None:
        """Put *credential* on every node, keeping the mode of a file that is there."""
        for path in self._paths:
            mode = path.stat().st_mode & 0o777 if path.exists() else self._mode
            path.write_text(credential.pem(), encoding="ascii")
            path.chmod(mode)

    def set_mode(self, mode: int) -> None:
        """Set the permission bits on every node."""
        for path in self._paths:
            path.chmod(mode)

    def remove(self) -> None:
        """Remove the file from every node."""
        for path in self._paths:
            path.unlink(missing_ok=True)
