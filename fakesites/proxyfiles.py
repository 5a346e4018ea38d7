"""How a program on a worker node finds and reads its proxy file."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from fakesites.credentials import Credential
from fakesites.credentials import CredentialError
from fakesites.credentials import read_pem

if TYPE_CHECKING:
    from fakesites.tools import ToolCall

DEFAULT_PATH = "/tmp/x509up_u{uid}"


def proxy_path(call: ToolCall, given: str = "") -> str:
    """Return the proxy file that *call* means: the one *given*, $X509_USER_PROXY, the default."""
    return (
        given or call.env.get("X509_USER_PROXY", "") or DEFAULT_PATH.format(uid=call.node.spec.uid)
    )


def load_proxy(call: ToolCall, path: str) -> Credential:
    """Return the credential in the guest's file *path*. Raises OSError or CredentialError."""
    if not mode_of(call, path) & stat.S_IRUSR:
        # The simulator may run as root, whom the host would let read the file all the same.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    return read_pem(call.real(path).read_text(encoding="ascii", errors="replace"))


def mode_of(call: ToolCall, path: str) -> int:
    """Return the permission bits of the guest's file *path*. Raises OSError."""
    return stat.S_IMODE(call.real(path).stat().st_mode)


def present_proxy(call: ToolCall) -> Credential | None:
    """Return the credential that a copy tool shows at a door, None if there is none to read."""
    try:
        return load_proxy(call, proxy_path(call))
    except (OSError, CredentialError):
        return None


def clock_text(seconds: int) -> str:
    """Return a duration as the grid tools print it, e.g. 11:59:07."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
