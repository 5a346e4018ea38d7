"""flightsim-object: how the clients of object stores in Python move an object.

The pilot imports boto3 or google.cloud.storage; those that a node offers are stubs which run this
tool: ``get URL PATH``, ``put PATH URL``, ``head URL``, where URL is ``s3://HOST:PORT/BUCKET/KEY``
or the same with ``gs``. Standard output is what came of it in JSON (kind, side, text, size,
adler32); the exit code is 0, or 1. Not modelled: parts of an upload, versions, signed requests.
"""

from __future__ import annotations

import json
import re
from typing import Any
from typing import Generator

import simpy

from fakesites.storage import StoredFile
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.transfers import CopyOptions
from fakesites.transfers import Failure
from fakesites.transfers import TransferError
from fakesites.transfers import copy
from fakesites.transfers import stat
from fakesites.turls import PORTS
from fakesites.turls import Turl
from fakesites.turls import bare_path

Work = Generator[simpy.Event, Any, int]
FORM = re.compile(r"(?P<kind>s3|gs)://(?P<host>[^/:]+)(:(?P<port>\d+))?(?P<path>/.*)")
USAGE = "get URL PATH | put PATH URL | head URL"


@tool("flightsim-object")
def objects(call: ToolCall) -> Work:
    """Do one thing with one object; exit code 0, 1 if it could not be done."""
    action, words = call.argv[1:2], call.argv[2:]
    if action == ("head",) and len(words) == 1:
        return (yield from _head(call, place(words[0])))
    if action == ("get",) and len(words) == 2:
        return (yield from _moved(call, place(words[0]), words[1]))
    if action == ("put",) and len(words) == 2:
        return (yield from _moved(call, words[0], place(words[1])))
    raise UsageError(USAGE)


def place(url: str) -> Turl:
    """Return *url* in its parts. Raises UsageError."""
    match = FORM.fullmatch(url)
    if match is None:
        raise UsageError(f"{url} is no object; {USAGE}")
    port = int(match["port"] or PORTS[match["kind"]])
    return Turl(match["kind"], match["host"], port, bare_path(match["path"]))


def _head(call: ToolCall, where: Turl) -> Work:
    try:
        found: StoredFile = yield from stat(call, where)
    except TransferError as error:
        return told(call, kind=error.kind, side=error.side, text=error.text)
    return told(call, size=found.content.size, adler32=found.content.adler32)


def _moved(call: ToolCall, source: Turl | str, target: Turl | str) -> Work:
    failed: list[TransferError] = []

    def explain(error: TransferError) -> Failure:
        failed.append(error)
        return Failure(1, "")

    yield from copy(
        call,
        "boto3" if "s3" in (kind_of(source), kind_of(target)) else "google-cloud-storage",
        source=source,
        target=target,
        explain=explain,
        options=CopyOptions(),
    )
    if failed:
        return told(call, kind=failed[0].kind, side=failed[0].side, text=failed[0].text)
    return told(call)


def kind_of(end: Turl | str) -> str:
    """Return the protocol of one end of a copy, "" for a file of the node."""
    return end.protocol if isinstance(end, Turl) else ""


def told(call: ToolCall, **fields: Any) -> int:
    """Print *fields* in JSON; the exit code is 1 if there is a kind of error among them."""
    call.out(json.dumps(fields, sort_keys=True) + "\n")
    return int("kind" in fields)
