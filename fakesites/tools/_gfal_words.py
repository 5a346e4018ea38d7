"""What gfal2's plugins say when something goes wrong: an errno and a text.

Held against gfal2 2.21.3 with its xrootd, http and gridftp plugins (docs/reference/fidelity.md);
the words of the srm and dcap plugins are those of old reports.
"""

from __future__ import annotations

import errno
import os

from fakesites.proxyfiles import present_proxy
from fakesites.storage import StorageError
from fakesites.tools import ToolCall
from fakesites.tools._globus_words import credential_trouble
from fakesites.tools._globus_words import words_of
from fakesites.tools.xrdcp import answer
from fakesites.transfers import TransferError
from fakesites.turls import Turl

HTTP = ("davs", "https", "http", "s3", "gs")
ERRNOS = {
    "missing": errno.ENOENT,
    "exists": errno.EEXIST,
    "space": errno.ENOSPC,
    "quota": errno.EDQUOT,
    "denied": errno.EACCES,
    "forbidden": errno.EACCES,
    "readonly": errno.EROFS,
    "unavailable": errno.ECOMM,
    "checksum": errno.EIO,
    "io": errno.EIO,
    "net.timeout": errno.ETIMEDOUT,
    "net.unreachable": errno.ENETUNREACH,
    "net.expired": errno.ETIMEDOUT,
}
XROOT = {
    "checksum": errno.EILSEQ,
    "net.dns": errno.EHOSTUNREACH,
    "net.refused": errno.ECONNREFUSED,
    "net.reset": errno.ECONNRESET,
    "readonly": errno.EACCES,
}
EXPIRED_CERTIFICATE = (
    "(Neon): Could not read status line: SSL error: sslv3 alert certificate expired"
)
DAV = {
    "missing": (errno.ENOENT, "HTTP 404 : File not found "),
    "forbidden": (errno.EPERM, "HTTP 403 : Permission refused "),
    "readonly": (errno.EPERM, "HTTP 403 : Permission refused "),
    "denied": (errno.EPERM, "HTTP 403 : Permission refused "),
    "space": (errno.ENOSPC, "HTTP 507 : Insufficient Storage "),
    "quota": (errno.ENOSPC, "HTTP 507 : Insufficient Storage "),
    "unavailable": (errno.ECOMM, "HTTP 503 : service is not available at the moment "),
    "net.dns": (errno.EHOSTUNREACH, "Domain name resolution failed"),
    "net.refused": (errno.EHOSTDOWN, "Could not connect to server"),
    "net.unreachable": (errno.EHOSTDOWN, "Could not connect to server"),
    "net.reset": (
        errno.EHOSTDOWN,
        "(Neon): Could not read status line: Connection reset by peer",
    ),
    "net.closed": (
        errno.EHOSTDOWN,
        "(Neon): Could not read status line: Connection was closed",
    ),
    "net.timeout": (errno.ETIMEDOUT, "Connection timed out"),
}
PATH_NOT_FOUND = "".join(
    f"550{dash}{text}\r\n"
    for dash, text in (
        (" ", "550-GlobusError: v=1 c=PATH_NOT_FOUND"),
        ("-", "GridFTP-Errno: 2"),
        ("-", "GridFTP-Reason: System error in stat"),
        ("-", "GridFTP-Error-String: No such file or directory"),
        (" ", "End."),
    )
)


class GfalError(Exception):
    """What gfal2 reports: an errno and a text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text

    def line(self, program: str) -> str:
        """Return the one line of standard error."""
        return f"{program} error: {self.code} ({os.strerror(self.code)}) - {self.text}\n"


def gfal_error(
    error: TransferError,
    call: ToolCall,
    *,
    at: Turl | None = None,
    copying: bool = False,
) -> GfalError:
    """Return what gfal2 makes of *error*: its words depend on the plugin for *at*.

    *copying* says that the bytes were on their way, not that a file was looked at.
    """
    code = ERRNOS.get(error.kind, errno.ECOMM)
    protocol = at.protocol if at is not None else ""
    if protocol == "root" and copying:
        return _xroot_error(error)
    if isinstance(error.__cause__, OSError):
        opened = "Could not open destination: " if copying else ""
        return GfalError(code, f"{opened}errno reported by local system call {os.strerror(code)}")
    if protocol == "root":
        code = XROOT.get(error.kind, code)
        return GfalError(code, f"Failed to stat file ({os.strerror(code)})")
    if protocol in HTTP and error.kind in DAV:
        return _dav_error(error, call, copying=copying)
    if protocol == "gsiftp" and at is not None:
        return _gridftp_error(error, call, at, copying=copying)
    if error.kind == "denied":
        return GfalError(
            code,
            f"CGSI-gSOAP running on {call.node.name} reports Could not establish context:"
            f" {error.text}",
        )
    return GfalError(code, f"Failed to stat file ({os.strerror(code)})")


def _xroot_error(error: TransferError) -> GfalError:
    code = XROOT.get(error.kind, ERRNOS.get(error.kind, errno.ECOMM))
    side = "source" if error.side == "source" else "destination"
    text = answer(error, side)[1].replace("\0", "\\x00")
    return GfalError(code, f"Error on XrdCl::CopyProcess::Run(): {text}")


def _dav_error(error: TransferError, call: ToolCall, *, copying: bool) -> GfalError:
    code, text = DAV[error.kind]
    if error.kind == "denied":
        proxy = present_proxy(call)
        if proxy is not None and proxy.not_after < call.node.clock.wall():
            code, text = errno.EHOSTDOWN, EXPIRED_CERTIFICATE
    if copying and isinstance(error.__cause__, StorageError):
        return GfalError(code, text)
    if code == errno.ETIMEDOUT:
        return GfalError(code, text)
    before = "DESTINATION OVERWRITE   " if copying and error.side == "target" else ""
    return GfalError(code, f"{before}Result {text} after 1 attempts")


def _gridftp_error(error: TransferError, call: ToolCall, at: Turl, *, copying: bool) -> GfalError:
    code = ERRNOS.get(error.kind, errno.ECOMM)
    trouble = credential_trouble(call)
    if trouble:
        text = "Could not open the user certificate"
        return GfalError(errno.ENOENT if present_proxy(call) is None else errno.ECOMM, text)
    if error.kind == "missing" and not copying:
        text = f"globus_ftp_client: the server responded with an error\n{PATH_NOT_FOUND}\n"
    else:
        text = words_of(error, at, at)
    return GfalError(code, text.replace("\r", " ").replace("\n", " "))


def mismatch(side: str, what: str, left: str, right: str) -> GfalError:
    """Return the error of two checksums that differ."""
    return GfalError(
        errno.EIO,
        f"{side} CHECKSUM MISMATCH {what} checksum do not match: {left} != {right}",
    )
