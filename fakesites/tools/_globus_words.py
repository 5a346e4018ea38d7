"""What globus-url-copy says: its own words, those of the GSI libraries, those of a server."""

from __future__ import annotations

import os

from fakesites.credentials import CredentialError
from fakesites.proxyfiles import load_proxy
from fakesites.proxyfiles import proxy_path
from fakesites.tools import ToolCall
from fakesites.transfers import TransferError
from fakesites.turls import Turl

USAGE = """\
globus-url-copy [-help] [-vb] [-dbg] [-r] [-rst] [-s <subject>]
                        [-p <parallelism>] [-tcp-bs <size>] [-bs <size>]
                        -f <filename> | <sourceURL> <destURL>


Use -help to display full usage"""

CALL_FAILED = "globus_xio: A system call failed: {reason}\n"
LOCAL_READ = "globus_xio: System error in read: {reason}\n" + CALL_FAILED
LOCAL_WRITE = "globus_xio: System error in write: {reason}\n" + CALL_FAILED
LOCAL_OPEN = (
    "globus_xio: Unable to open file {path}\nglobus_xio: System error in open: {reason}\n"
    + CALL_FAILED
)
CONNECT = "globus_xio: Unable to connect to {host}:{port}\n"
CONNECT_FAILED = CONNECT + "globus_xio: System error in connect: {reason}\n" + CALL_FAILED
UNKNOWN_HOST = (
    CONNECT + "globus_xio: globus_libc_getaddrinfo failed.\nglobus_common: "
    "Name or service not known\n"
)
RECEIVE = "globus_xio: System error in recv: {reason}\n" + CALL_FAILED
CONTEXT = "globus_ftp_control: gss_init_sec_context failed\nGSS failure: \nGSS Major Status: "
GENERAL = CONTEXT + "General failure\nGSS Minor Status Error Chain:\n"
GENERAL += "globus_gsi_gssapi: Error with gss context\n"
NOWHERE = "Valid credentials could not be found in any of the possible locations specified by the "
NOWHERE += "credential search order.\n"
NO_HOST = """\
Attempt 1
globus_credential: Error reading host credential
globus_sysconfig: Could not find a valid certificate file: The host cert could not be found in: \n\
1) env. var. X509_USER_CERT
2) /etc/grid-security/hostcert.pem
3) $GLOBUS_LOCATION/etc/hostcert.pem
4) $HOME/.globus/hostcert.pem

The host key could not be found in:
1) env. var. X509_USER_KEY
2) /etc/grid-security/hostkey.pem
3) $GLOBUS_LOCATION/etc/hostkey.pem
4) $HOME/.globus/hostkey.pem


"""
NO_PROXY = """\
Attempt 2
globus_credential: Error reading proxy credential
globus_sysconfig: Could not find a valid proxy certificate file location
globus_sysconfig: Error with key filename
globus_sysconfig: File does not exist: {path} is not a valid file
"""
NO_USER = """\
Attempt 3
globus_credential: Error reading user credential
globus_sysconfig: Error with certificate filename: The user cert could not be found in: \n\
1) env. var. X509_USER_CERT
2) $HOME/.globus/usercert.pem
3) $HOME/.globus/usercred.p12


"""
EXPIRED = """\
globus_gsi_gssapi: Error with GSI credential
globus_gsi_gssapi: Error with gss credential handle
globus_credential: Error with credential: The proxy credential: {path}
      with subject: {subject}
      expired {minutes} minutes ago.

"""
SERVER = "globus_ftp_client: the server responded with an error\n"
ABORTED = "globus_ftp_client: the operation was aborted\n"

OPEN_REASONS = {
    "missing": "No such file or directory",
    "forbidden": "Permission denied",
    "readonly": "Read-only file system",
    "exists": "File exists",
}
WRITE_REASONS = {"space": "No space left on device", "quota": "Disk quota exceeded"}
DCACHE_SAYS = {
    "missing": "550 File not found",
    "forbidden": "550 Permission denied",
    "readonly": "550 Permission denied",
    "exists": "553 {path}: Cannot create file: File exists",
    "space": "452 No space left on device",
    "quota": "452 Disk quota exceeded",
    "unavailable": "451 service is not available at the moment",
    "checksum": "451 Checksum mismatch",
}
NET_REASONS = {
    "net.refused": "Connection refused",
    "net.unreachable": "Network is unreachable",
    "net.timeout": "Connection timed out",
}


def credential_trouble(call: ToolCall) -> str:
    """Return what GSI says of the credential of *call* before it connects, "" for a good one."""
    path = proxy_path(call)
    try:
        found = load_proxy(call, path)
    except (OSError, CredentialError):
        credential = "globus_gsi_gssapi: Error with gss credential handle\nglobus_credential: "
        tried = f"{NO_HOST}{NO_PROXY.format(path=path)}{NO_USER}"
        return f"{GENERAL}{credential}{NOWHERE}{NOWHERE}{tried}\n"
    over_s = call.node.clock.wall() - found.not_after
    if over_s <= 0:
        return ""
    text = EXPIRED.format(path=path, subject=found.subject, minutes=int(over_s // 60))
    return f"{GENERAL}{text}\n"


def words_of(error: TransferError, source: Turl | str, target: Turl | str) -> str:
    """Return what is said of *error*."""
    end = source if error.side == "source" else target
    if isinstance(error.__cause__, OSError):
        return local_words(error, str(end if isinstance(end, str) else target))
    if error.kind.startswith("net."):
        # Both ends of a failed connection are servers; a node's own file needs none.
        server = end if isinstance(end, Turl) else target if isinstance(target, Turl) else source
        assert isinstance(server, Turl)
        return net_words(error.kind, server)
    software = getattr(error.__cause__, "software", "")
    if error.kind == "denied":
        return login_words(error)
    if software == "dcache":
        said = DCACHE_SAYS.get(error.kind, f"451 {error.text}").format(path=error.path)
        return f"{SERVER}{said}\r\n\n"
    return f"{SERVER}{server_words(error)}"


def local_words(error: TransferError, path: str) -> str:
    """Return what is said of the node's own files."""
    assert isinstance(error.__cause__, OSError)
    reason = os.strerror(error.__cause__.errno or 0)
    if error.kind == "space":
        return LOCAL_WRITE.format(reason=reason)
    return LOCAL_OPEN.format(path=path, reason=reason)


def net_words(kind: str, server: Turl) -> str:
    """Return what is said of a connection."""
    host, port = server.host, server.port
    if kind == "net.dns":
        return UNKNOWN_HOST.format(host=host, port=port)
    if kind in NET_REASONS:
        return CONNECT_FAILED.format(host=host, port=port, reason=NET_REASONS[kind])
    if kind == "net.expired":
        return ABORTED
    if kind == "net.closed":
        return "globus_xio: An end of file occurred\n"
    return RECEIVE.format(reason="Connection reset by peer")


def login_words(error: TransferError) -> str:
    """Return what a server answers to somebody whom it does not know."""
    reason = f"globus_gss_assist: Gridmap lookup failure: {error.text}"
    return f"{SERVER}530 530-Login incorrect. : {reason}\r\n530-\r\n530 End.\r\n\n"


def server_words(error: TransferError) -> str:
    """Return the answer of a Globus server."""
    if error.kind in WRITE_REASONS:
        reason = WRITE_REASONS[error.kind]
        lines = ["callback failed.", f"globus_xio: System error in write: {reason}"]
    else:
        reason = OPEN_REASONS.get(error.kind, error.text)
        lines = [
            "globus_l_gfs_file_open failed.",
            f"globus_xio: Unable to open file {error.path}",
            f"globus_xio: System error in open: {reason}",
        ]
    lines.append(f"globus_xio: A system call failed: {reason}")
    said = "\r\n500-".join(lines)
    return f"500 500-Command failed. : {said}\r\n500 End.\r\n\n"
