"""One download or upload as Rucio's clients do it, whether asked by a command line or by Python.

Models the sources that are tried in turn, twice each, a file that grows under the name ``.part``,
the check of its Adler-32, an upload that refuses to write over a file and compares what arrived,
and the words of Rucio's exceptions around those of gfal2. Not modelled: datasets, archives, the
name that a file has on storage until it is whole, registration (what is stored is registered).
Read from rucio@00bf7e22:lib/rucio/client/downloadclient.py, uploadclient.py@0037d801, and
rse/protocols/gfal.py.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Generator

import simpy

from fakesites.contents import FileContent
from fakesites.storage import StoredFile
from fakesites.timelimits import NEVER
from fakesites.tools import ToolCall
from fakesites.tools._gfal_options import place
from fakesites.tools._gfal_words import gfal_error
from fakesites.tools._pcache import PCACHE
from fakesites.tools._rucio_asking import ServerError
from fakesites.tools._rucio_asking import replicas
from fakesites.tools._rucio_asking import rse_of
from fakesites.transfers import CopyOptions
from fakesites.transfers import Failure
from fakesites.transfers import TransferError
from fakesites.transfers import copy
from fakesites.transfers import read_local
from fakesites.transfers import stat
from fakesites.turls import Turl
from fakesites.turls import parse_turl
from fakesites.turls import rucio_path

Work = Generator[simpy.Event, Any, Any]
ATTEMPTS = 2  # with one and the same source
UNAVAILABLE = "The requested service is not available at the moment."
NOT_FOUND = "Source file not found."
MISMATCH = "Checksum validation failed."
DONE, FAILED, MISSING, INVALID = "DONE", "FAILED", "FILE_NOT_FOUND", "FAIL_VALIDATE"
IN_PCACHE, ALREADY = "FOUND_IN_PCACHE", "ALREADY_DONE"


@dataclass(frozen=True, slots=True)
class Item:
    """One file to move: *path* on the node, *rse* and *pfn* where else; *limit_s* for one try."""

    scope: str
    name: str
    path: str
    rse: str = ""
    pfn: str = ""
    limit_s: float = NEVER
    checksum: bool = False
    pcache: bool = False


@dataclass(slots=True)
class Result:
    """What came of an item: its *state* in Rucio's words, and what a trace says of it."""

    state: str = FAILED
    reason: str = ""
    protocol: str = ""
    rse: str = ""
    pfn: str = ""
    began: float = 0.0
    ended: float = 0.0
    bytes: int = 0
    adler32: str = ""
    tries: int = 0
    talk: list[str] = field(default_factory=list)


def download(call: ToolCall, item: Item) -> Work:
    """Bring *item* to the node and return the Result. Raises ServerError."""
    result = Result()
    target = call.real(item.path)
    if target.is_file():
        result.state = ALREADY
        result.talk.append(f"INFO File exists already locally: {item.scope}:{item.name}")
        return result
    expected, sources = yield from _sources(call, item)
    for rse, pfn in sources:
        result.rse, result.pfn, result.protocol = rse, pfn, pfn.partition(":")[0]
        if item.pcache and PCACHE.link(call, pfn, item.path):
            result.state, result.reason = IN_PCACHE, "OK"
            return result
        yield from _tried(call, item, result, expected=expected)
        if result.state == DONE:
            if item.pcache:
                PCACHE.keep(call, pfn, item.path)
            return result
    if not sources:
        result.state, result.reason = MISSING, "No available sources"
    return result


def _sources(call: ToolCall, item: Item) -> Work:
    """Return the checksum that the catalogue has, "" if it was not asked, and (rse, URL) pairs."""
    if item.pfn:
        return "", [(item.rse, item.pfn)]
    (record,) = yield from replicas(call, [{"scope": item.scope, "name": item.name}])
    pairs = [(about["rse"], url) for url, about in record["pfns"].items()]
    wanted = [pair for pair in pairs if item.rse in ("", pair[0])]
    return record["adler32"] or "", wanted


def _tried(call: ToolCall, item: Item, result: Result, *, expected: str) -> Work:
    source = place(result.pfn)
    part = f"{item.path}.part"
    for number in range(1, ATTEMPTS + 1):
        result.tries, result.began = result.tries + 1, call.node.clock.wall()
        content = yield from _moved(call, item, result, source=source, target=part)
        result.ended = call.node.clock.wall()
        if content is not None and expected and item.checksum and content.adler32 != expected:
            call.real(part).unlink(missing_ok=True)
            result.state = INVALID
            result.reason = f"{MISMATCH}\nDetails: {content.adler32} instead of {expected}"
            content = None
        if content is not None:
            os.replace(call.real(part), call.real(item.path))
            result.state, result.reason = DONE, "OK"
            result.bytes, result.adler32 = content.size, content.adler32
            return
        result.talk.append(f"WARNING Download attempt failed. Try {number}/{ATTEMPTS}")


def _moved(
    call: ToolCall, item: Item, result: Result, *, source: Turl | str, target: Turl | str
) -> Work:
    """Copy once; return the content that arrived, or None with the reason in *result*."""
    arrived: list[FileContent] = []

    def explain(error: TransferError) -> Failure:
        result.state, result.reason = FAILED, reason_of(call, error, result.pfn, copying=True)
        return Failure(1, "")

    code = yield from copy(
        call,
        "rucio",
        source=source,
        target=target,
        explain=explain,
        options=CopyOptions(overwrite=True, finish=arrived.append, total_s=item.limit_s),
    )
    return None if code else arrived[-1]


def reason_of(call: ToolCall, error: TransferError, pfn: str, *, copying: bool = False) -> str:
    """Return what Rucio's exception for *error* at *pfn* says."""
    if error.kind == "net.expired":
        return f"{UNAVAILABLE}\nDetails: Operation timeout"
    told = gfal_error(error, call, at=parse_turl(pfn), copying=copying).text
    if error.kind == "missing" and error.side == "source":
        return f"{NOT_FOUND}\nDetails: {told}"
    return f"{UNAVAILABLE}\nDetails: {told}"


def upload(call: ToolCall, item: Item) -> Work:
    """Bring *item* from the node to its RSE and return the Result. Raises ServerError, OSError."""
    content = read_local(call, item.path)
    info = yield from rse_of(call, item.rse)
    result = Result(rse=item.rse, bytes=content.size, adler32=content.adler32)
    for scheme, prefix in info["protocols"].items():
        result.pfn = item.pfn or f"{prefix}/{rucio_path(item.scope, item.name)}"
        result.protocol = item.pfn.partition(":")[0] or scheme
        yield from _sent(call, item, result)
        if result.state in (DONE, ALREADY) or item.pfn:
            break
    return result


def _sent(call: ToolCall, item: Item, result: Result) -> Work:
    target = parse_turl(result.pfn)
    if target is None:
        result.reason = f"{UNAVAILABLE}\nDetails: no protocol for {result.pfn}"
        return
    result.tries, result.began = result.tries + 1, call.node.clock.wall()
    try:
        yield from stat(call, target, side="target")
    except TransferError as error:
        if error.kind != "missing":
            result.reason = reason_of(call, error, result.pfn)
            return
    else:
        result.state, result.reason = ALREADY, "File already exists"
        return
    stored = yield from _moved(call, item, result, source=item.path, target=target)
    result.ended = call.node.clock.wall()
    if stored is None:
        result.talk.append("WARNING Upload attempt failed")
    elif (yield from _is_same(call, target, result)):
        result.state, result.reason = DONE, "OK"


def _is_same(call: ToolCall, target: Turl, result: Result) -> Work:
    """Tell whether storage has what was sent, by size and checksum."""
    try:
        found: StoredFile = yield from stat(call, target, side="target")
    except TransferError as error:
        result.reason = reason_of(call, error, result.pfn)
        return False
    if (found.content.size, found.content.adler32) == (result.bytes, result.adler32):
        return True
    result.reason = (
        "The checksum of the file does not match the checksum of the copy (adler32).\nDetails: "
        f"Source: {result.adler32} Destination: {found.content.adler32}"
    )
    return False


__all__ = ["ALREADY", "DONE", "IN_PCACHE", "Item", "Result", "ServerError", "download", "upload"]
