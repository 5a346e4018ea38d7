"""lcg-lr, lcg-lg, lcg-la, lcg-rf and lfc-ls: what a node asks the LFC, and registers there.

Models replicas, GUID and logical names of a file, and the registration of one with its size and
checksum; where there is no LFC ($LFC_HOST) they say so as the real ones do. Of the options -v and
--vo are taken, -g, -l, --size and --adler32 heeded by lcg-rf. Not modelled: the BDII, which the
real ones ask first, and deletion.
Read from lcg-util's man pages (lcg-rf(1), lcg-lr(1)) and LFC's (lfc-ls(1), serrno.h's words).
"""

from __future__ import annotations

import json
import posixpath
from typing import Any
from typing import Generator

import simpy

from fakesites.catalogues import LFC_HOST
from fakesites.catalogues import LFC_PORT
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from simkernel import NetError
from simkernel import Request

Work = Generator[simpy.Event, Any, Any]
GRAMMAR = Grammar(
    flags="v",
    values="gl",
    long=(("vo=", "vo"), ("verbose", "v"), ("size=", "size"), ("adler32=", "adler32")),
)
NO_HOST = "LFC_HOST is not set, and no LFC endpoint is known"


class LfcError(Exception):
    """The LFC gives no answer, or says no."""


@tool("lcg-lr", "lcg-lg", "lcg-la")
def lcg_list(call: ToolCall) -> Work:
    """Print the replicas, the GUID or the names of one file; exit code 0, or 1."""
    name = posixpath.basename(call.argv[0])
    options = GRAMMAR.read(call.argv)
    if len(options.words) != 1:
        raise UsageError("one file is to be named")
    entry = yield from _guarded(call, {"do": "find", "name": options.words[0]})
    if entry is None:
        return 1
    if name == "lcg-lr":
        call.out("".join(f"{pfn}\n" for pfn in entry["replicas"]))
    else:
        call.out(f"guid:{entry['guid']}\n" if name == "lcg-lg" else f"lfn:{entry['lfn']}\n")
    return 0


@tool("lcg-rf")
def lcg_rf(call: ToolCall) -> Work:
    """Register a replica with its size and checksum; exit code 0, or 1."""
    options = GRAMMAR.read(call.argv)
    if len(options.words) != 1 or not options.has("g") or not options.has("l"):
        raise UsageError("-g GUID -l LFN --size BYTES --adler32 DIGITS SURL")
    entry = {
        "guid": options.get("g").removeprefix("guid:"),
        "lfn": options.get("l").removeprefix("lfn:"),
        "pfn": options.words[0],
        "size": int(options.number("size", 0)),
        "adler32": options.get("adler32"),
    }
    told = yield from _guarded(call, {"do": "register", "entry": entry})
    if told is None:
        return 1
    call.out(f"guid:{told['guid']}\n")
    return 0


@tool("lfc-ls")
def lfc_ls(call: ToolCall) -> Work:
    """Print the logical names below a folder; exit code 0, or 1."""
    options = Grammar(flags="l").read(call.argv)
    if len(options.words) != 1:
        raise UsageError("a folder is to be named")
    told = yield from _guarded(call, {"do": "names"})
    if told is None:
        return 1
    folder = options.words[0].rstrip("/") + "/"
    call.out(
        "".join(f"{each[len(folder) :]}\n" for each in told["names"] if each.startswith(folder))
    )
    return 0


def _guarded(call: ToolCall, question: dict[str, Any]) -> Work:
    try:
        return (yield from ask(call, question))
    except LfcError as error:
        call.err(f"{posixpath.basename(call.argv[0])}: {error}\n")
        return None


def ask(call: ToolCall, question: dict[str, Any]) -> Work:
    """Return the LFC's answer to *question*. Raises LfcError."""
    host = call.env.get("LFC_HOST", "")
    if not host:
        raise LfcError(NO_HOST)
    request = Request(
        "POST",
        host,
        LFC_PORT,
        "/",
        body=json.dumps(question, sort_keys=True).encode(),
        source=call.node.name,
        who=call.owner,
    )
    try:
        answer = yield from call.node.network.fetch(request)
    except NetError as error:
        raise LfcError(f"{host}: Could not connect: {error.text}") from error
    told: dict[str, Any] = json.loads(answer.body)
    if "error" in told:
        raise LfcError(told["error"])
    return told


__all__ = ["LFC_HOST", "lcg_list", "lcg_rf", "lfc_ls"]
