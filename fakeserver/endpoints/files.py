"""The cache: sandboxes that clients leave for pilots, and logs that grow while somebody reads.

Files stay in memory as text in base64; names are taken without any folder.
"""

from __future__ import annotations

import base64
import struct

from fakeserver.endpoints.cache import NOT_FOUND
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import FileAnswer
from fakeserver.registry import endpoint
from fakeserver.wire import Upload

SOURCE = "panda-server@9cc36033:api/v1/file_server_api.py#L{}"
SANDBOX_MAX = 768 * 1024 * 1024
LOG_MAX = 100 * 1024 * 1024
EXCEEDED = "ERROR: upload failure. Exceeded size limit"
LOGS = "jedilog/"


def stored(call: Call, name: str) -> bytes | None:
    """Return the content of a file, or None."""
    text = call.server.files.get(name)
    return None if text is None else base64.b64decode(text)


def store(call: Call, name: str, content: bytes) -> None:
    """Keep a file."""
    call.server.files[name] = base64.b64encode(content).decode()


def uploaded(call: Call) -> Upload | None:
    """Return the file in a call, if it is one."""
    file = call.values.get("file")
    return file if isinstance(file, Upload) else None


def base_name(name: str) -> str:
    """Return the last part of *name*: nobody writes outside the cache."""
    return name.split("/")[-1]


@endpoint(
    "upload_cache_file",
    about="keep a file for pilots to fetch",
    source=SOURCE.format(248),
    modern="file_server/upload_cache_file",
    takes="- file any required",
    production=False,
)
def upload_cache_file(call: Call) -> Answer:
    """Keep it, unless it is too large."""
    file = uploaded(call)
    if file is None:
        return Answer(success=False, message="file is not a file")
    if len(file.content) > SANDBOX_MAX:
        return Answer(success=False, message=EXCEEDED)
    store(call, base_name(file.name), file.content)
    return Answer()


@endpoint(
    "touch_cache_file",
    about="have a file kept for longer",
    source=SOURCE.format(405),
    modern="file_server/touch_cache_file",
    takes="- file_name str required",
    production=False,
)
def touch_cache_file(call: Call) -> Answer:
    """Say whether it is there."""
    there = base_name(call.text("file_name")) in call.server.files
    return Answer(success=there, message="" if there else "file not found")


@endpoint(
    "delete_cache_file",
    about="forget a file",
    source=SOURCE.format(438),
    modern="file_server/delete_cache_file",
    takes="- file_name str required",
    production=False,
)
def delete_cache_file(call: Call) -> Answer:
    """Forget it; one that is not there is forgotten already."""
    call.server.files.pop(base_name(call.text("file_name")), None)
    return Answer()


@endpoint(
    "validate_cache_file",
    about="say whether a file of that size and checksum is there already",
    source=SOURCE.format(509),
    modern="file_server/validate_cache_file",
    takes="""
        -  file_size  int  required
        -  checksum   any  required
    """,
    production=False,
)
def validate_cache_file(call: Call) -> Answer:
    """Answer ``FOUND:host:name`` or ``NOTFOUND``; gzip ends with checksum and size."""
    for name in sorted(call.server.files):
        content = stored(call, name) or b""
        if len(content) == call.whole("file_size") and len(content) >= 8:
            checksum, _ = struct.unpack("<II", content[-8:])
            if str(checksum) == call.text("checksum"):
                return Answer(message=f"FOUND:localhost:{name}")
    return Answer(message="NOTFOUND")


@endpoint(
    "upload_jedi_log",
    about="keep a log, in the place of one of that name",
    source=SOURCE.format(90),
    modern="file_server/upload_jedi_log",
    takes="- file any required",
)
def upload_jedi_log(call: Call) -> Answer:
    """Keep it and say where it is."""
    return _log(call, append=False)


@endpoint(
    "update_jedi_log",
    about="append to a log",
    source=SOURCE.format(162),
    modern="file_server/update_jedi_log",
    takes="- file any required",
)
def update_jedi_log(call: Call) -> Answer:
    """Append to it."""
    return _log(call, append=True)


def _log(call: Call, *, append: bool) -> Answer:
    file = uploaded(call)
    if file is None:
        return Answer(success=False, message="file is not a file")
    name = LOGS + base_name(file.name)
    before = (stored(call, name) or b"") if append else b""
    if len(before) + len(file.content) > LOG_MAX:
        return Answer(success=False, message=EXCEEDED)
    store(call, name, before + file.content)
    return Answer(modern=None if append else f"/cache/{name}")


@endpoint(
    "download_jedi_log",
    about="give a log from some place on",
    source=SOURCE.format(205),
    modern="file_server/download_jedi_log",
    method="GET",
    takes="""
        -  log_name  str  required
        -  offset    int
    """,
    production=False,
)
def download_jedi_log(call: Call) -> FileAnswer:
    """Answer with text, empty if there is no such log."""
    content = stored(call, LOGS + base_name(call.text("log_name"))) or b""
    return FileAnswer(body=content[call.whole("offset") :], kind="text/plain")


@endpoint(
    "cache_file",
    about="a file that a client left",
    source="panda-client@2.2.0:pandaclient/Client.py getFile",
    files=("/cache/{name}",),
    method="GET",
    secure=False,
)
def cache_file(call: Call) -> FileAnswer:
    """Answer with the file."""
    content = stored(call, call.texts["name"])
    if content is None:
        return NOT_FOUND
    return FileAnswer(body=content, kind="application/octet-stream")
