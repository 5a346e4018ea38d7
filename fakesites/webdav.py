"""WebDAV doors for those who speak plain HTTP: curl, and whoever asks with requests.

Models GET, HEAD, PUT, DELETE, MKCOL (doors have no folders: it is there), PROPFIND of a file, and
the statuses of what goes wrong; files of a few megabytes, for their bytes travel. The words are
those of xrootd's HTTP door, held against release 5.5.3 (docs/reference/fidelity.md), and the
statuses of dCache's where it is the door's software. Not modelled: COPY, ranges, locks, digests.
"""

from __future__ import annotations

import time
from typing import Any
from typing import Callable
from typing import Generator
from xml.sax.saxutils import escape

from fakesites.contents import BODY_LIMIT
from fakesites.contents import content_of
from fakesites.credentials import Credential
from fakesites.credentials import CredentialError
from fakesites.credentials import read_pem
from fakesites.storage import DoorCall
from fakesites.storage import StorageError
from fakesites.storage import StoredFile
from simkernel import Request
from simkernel import Response

Work = Generator[Any, Any, Any]
Serve = Callable[[DoorCall], Work]

PROTOCOLS = ("davs", "https")
ACTIONS = {"GET": "get", "HEAD": "stat", "PROPFIND": "stat", "PUT": "put", "DELETE": "delete"}
ALL_WELL = b":-)"
STATUSES = {
    "missing": 404,
    "exists": 409,
    "space": 507,
    "quota": 507,
    "denied": 403,
    "forbidden": 403,
    "readonly": 403,
    "unavailable": 503,
    "checksum": 500,
}
REASONS = {
    "missing": "no such file or directory",
    "forbidden": "permission denied",
    "denied": "permission denied",
    "readonly": "read-only file system",
    "space": "no space left on device",
    "quota": "disk quota exceeded",
}
VERBS = {"get": "open", "put": "create", "delete": "locate", "stat": "locate"}
MULTISTATUS = """\
<?xml version="1.0" encoding="utf-8"?>
<D:multistatus xmlns:D="DAV:" xmlns:ns1="http://apache.org/dav/props/" xmlns:ns0="DAV:">
<D:response xmlns:lp1="DAV:" xmlns:lp2="http://apache.org/dav/props/" xmlns:lp3="LCGDM:">
<D:href>{path}</D:href>
<D:propstat>
<D:prop>
<lp1:getcontentlength>{size}</lp1:getcontentlength>
<lp1:getlastmodified>{changed}</lp1:getlastmodified>
<lp1:iscollection>0</lp1:iscollection>
<lp1:executable>F</lp1:executable>
</D:prop>
<D:status>HTTP/1.1 200 OK</D:status>
</D:propstat>
</D:response>
</D:multistatus>
"""


def answer(request: Request, serve: Serve, *, epoch: float) -> Work:
    """Return the Response to *request*, which *serve* carries out as a DoorCall."""
    if request.method == "MKCOL":
        return Response(201, body=ALL_WELL)
    action = ACTIONS.get(request.method)
    if action is None:
        return Response(405)
    path = request.path.partition("?")[0]
    call = DoorCall(action, "", path, by=request.who, credential=shown(request.client))
    if action == "put":
        call.content = content_of(request.body, size=len(request.body))
    try:
        found = yield from serve(call)
    except StorageError as error:
        return refusal(error, action, path)
    return reply(request.method, path, found, epoch)


def shown(chain: str) -> Credential | None:
    """Return the credential that a client shows in TLS."""
    try:
        return read_pem(chain) if chain else None
    except CredentialError:
        return None


def refusal(error: StorageError, action: str, path: str) -> Response:
    """Return the answer to what cannot be done."""
    reason = REASONS.get(error.kind, error.text)
    text = f"Unable to {VERBS[action]} {path}; {reason}\n"
    # The door's own: who writes hears of a failure where the file is made, or where it is written.
    if error.kind in ("space", "quota"):
        text = f"Unable to write {path}; {reason}\n"
    return Response(STATUSES.get(error.kind, 500), body=text.encode())


def reply(method: str, path: str, found: StoredFile, epoch: float) -> Response:
    """Return the answer to what was done."""
    size = found.content.size
    if method == "PROPFIND":
        written = time.gmtime(epoch + found.written_at)
        changed = time.strftime("%a, %d %b %Y %H:%M:%S GMT", written)
        text = MULTISTATUS.format(path=escape(path), size=size, changed=changed)
        return Response(207, (("Content-Type", "text/xml"),), text.encode())
    if method == "HEAD":
        return Response(200, (("Content-Length", str(size)),))
    if method == "GET":
        if size > BODY_LIMIT:
            return Response(500, body=f"{path} is too large to travel by HTTP here\n".encode())
        prefix = found.content.prefix
        return Response(200, body=prefix + bytes(size - len(prefix)))
    return Response(200, body=ALL_WELL)
