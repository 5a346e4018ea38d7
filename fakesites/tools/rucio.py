"""rucio: the command line of a Rucio client, as far as pilots call it.

Models ``rucio list-file-replicas --metalink [--protocols LIST] SCOPE:NAME``, which writes what the
catalogue knows of the file in the order in which the catalogue has it, ``rucio download`` and
``rucio upload`` of single files, ``rucio ping`` and ``--version``. Refused: every other command.
Read from rucio-clients 35: bin/rucio (list_file_replicas(), download(), upload()), and
rucio@35:lib/rucio/common/utils.py, build_url() and the metalink of list_replicas.
"""

from __future__ import annotations

import json
import posixpath
from typing import Any
from typing import Generator
from xml.sax.saxutils import escape
from xml.sax.saxutils import quoteattr

import simpy

from fakesites.moments import date_text
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._rucio_asking import ServerError
from fakesites.tools._rucio_asking import replicas
from fakesites.tools._rucio_copies import ALREADY
from fakesites.tools._rucio_copies import DONE
from fakesites.tools._rucio_copies import Item
from fakesites.tools._rucio_copies import Result
from fakesites.tools._rucio_copies import download
from fakesites.tools._rucio_copies import upload
from fakesites.transfers import TransferError

Work = Generator[simpy.Event, Any, int]
VERSION = "rucio 35.6.0\n"
MAIN = Grammar(flags="hv", long=(("verbose", "v"), ("version", "version")), in_order=True)
LIST = Grammar(long=(("metalink", "metalink"), ("protocols=", "protocols")))
DOWNLOAD_HELP = """usage: rucio download [-h] [--dir DIR] [--allow-tape] [--rses RSES]
                      [--protocol PROTOCOL] [--nrandom NRANDOM] [--ndownloader NDOWNLOADER]
                      [--no-subdir] [--pfn PFN] [--transfer-timeout TRANSFER_TIMEOUT]
                      [dids ...]
"""
DOWNLOAD = Grammar(
    flags="h",
    long=(
        ("help", "h"),
        ("dir=", "dir"),
        ("no-subdir", "no-subdir"),
        ("rses=", "rses"),
        ("rse=", "rses"),
        ("pfn=", "pfn"),
        ("transfer-timeout=", "timeout"),
    ),
)
UPLOAD = Grammar(
    long=(
        ("rse=", "rse"),
        ("scope=", "scope"),
        ("name=", "name"),
        ("guid=", "guid"),
        ("pfn=", "pfn"),
        ("no-register", "no-register"),
        ("summary", "summary"),
        ("transfer-timeout=", "timeout"),
    ),
)
SUMMARY = "rucio_upload.json"
NONE_DOWNLOADED = "None of the requested files have been downloaded."
NONE_UPLOADED = "None of the given files have been uploaded."
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<metalink xmlns="urn:ietf:params:xml:ns:metalink">\n'
)


@tool("rucio")
def rucio(call: ToolCall) -> Work:
    """Run one command of the client; exit code 0, 1 if it failed."""
    given = MAIN.read(call.argv)
    if given.has("version"):
        call.out(VERSION)
        return 0
    command = COMMANDS.get(given.words[0] if given.words else "")
    if command is None:
        raise UsageError(f"only {', '.join(COMMANDS)} are simulated")
    try:
        return (yield from command(call, given.words))
    except ServerError as error:
        log(call, "ERROR", str(error))
    except TransferError as error:
        log(call, "ERROR", f"{error.text or error}: {error.path}")
    return 1


def _list(call: ToolCall, words: tuple[str, ...]) -> Work:
    options = LIST.read(words)
    if len(options.words) != 1 or not options.has("metalink"):
        raise UsageError("list-file-replicas --metalink SCOPE:NAME")
    scope, name = did_of(options)
    schemes = options.get("protocols").split(",") if options.has("protocols") else None
    try:
        records = yield from replicas(call, [{"scope": scope, "name": name}], schemes)
    except ServerError as error:
        call.err(f"{error}\n")
        return 1
    call.out(HEAD + "".join(map(metalink, records)) + "</metalink>\n")
    return 0


def _download(call: ToolCall, words: tuple[str, ...]) -> Work:
    options = DOWNLOAD.read(words)
    if options.has("h"):
        call.out(DOWNLOAD_HELP)
        return 0
    scope, name = did_of(options)
    folder = options.get("dir", ".")
    if not options.has("no-subdir"):
        folder = posixpath.join(folder, scope)
        call.node.files.make_folder(call.path(folder))
    item = Item(
        scope,
        name,
        posixpath.join(folder, name),
        rse=options.get("rses"),
        pfn=options.get("pfn"),
        limit_s=options.number("timeout", float("inf")),
        checksum=True,
    )
    log(call, "INFO", "Processing 1 item(s) for input")
    result = yield from download(call, item)
    return told(call, result, NONE_DOWNLOADED, good=(DONE, ALREADY))


def _upload(call: ToolCall, words: tuple[str, ...]) -> Work:
    options = UPLOAD.read(words)
    if len(options.words) != 1 or not options.has("rse"):
        raise UsageError("upload --rse RSE FILE")
    name = options.get("name") or posixpath.basename(options.words[0])
    item = Item(
        options.get("scope", "user.pilot"),
        name,
        options.words[0],
        rse=options.get("rse"),
        pfn=options.get("pfn"),
        limit_s=options.number("timeout", float("inf")),
    )
    result = yield from upload(call, item)
    if options.has("summary") and result.state == DONE:
        text = json.dumps(summary(item, result, options.get("guid")), indent=1, sort_keys=True)
        call.node.files.write(call.path(SUMMARY), text.encode())
    return told(call, result, NONE_UPLOADED, good=(DONE,))


def _ping(call: ToolCall, _words: tuple[str, ...]) -> Work:
    yield from replicas(call, [])
    call.out("35.6.0\n")
    return 0


COMMANDS = {
    "list-file-replicas": _list,
    "download": _download,
    "upload": _upload,
    "ping": _ping,
}


def did_of(options: Options) -> tuple[str, str]:
    """Return scope and name of the one file that is meant. Raises UsageError."""
    if len(options.words) != 1 or ":" not in options.words[0]:
        raise UsageError("exactly one SCOPE:NAME is simulated")
    scope, _, name = options.words[0].partition(":")
    return scope, name


def summary(item: Item, result: Result, guid: str) -> dict[str, Any]:
    """Return what an upload writes into its summary file."""
    about = {
        "scope": item.scope,
        "name": item.name,
        "bytes": result.bytes,
        "rse": item.rse,
        "pfn": result.pfn,
        "guid": guid,
        "adler32": result.adler32,
    }
    return {f"{item.scope}:{item.name}": about}


def told(call: ToolCall, result: Result, none: str, *, good: tuple[str, ...]) -> int:
    """Write what came of a copy as the client's log; return the exit code."""
    for line in result.talk:
        level, _, text = line.partition(" ")
        log(call, level, text)
    if result.state in good:
        log(call, "INFO", f"File successfully moved with {result.protocol}: {result.pfn}")
        return 0
    log(call, "WARNING", result.reason)
    log(call, "ERROR", none)
    return 1


def log(call: ToolCall, level: str, text: str) -> None:
    """Write one line of the client's log to standard error."""
    stamp = date_text(int(call.node.wall()), "%Y-%m-%d %H:%M:%S")
    call.err(f"{stamp},000\t{level}\t{text}\n")


def metalink(record: dict[str, Any]) -> str:
    """Return one record of the catalogue as an element of a metalink."""
    urls = "".join(
        f"  <url location={quoteattr(each['rse'])} domain={quoteattr(each['domain'])} "
        f'priority="{each["priority"]}" client_extract="false">{escape(url)}</url>\n'
        for url, each in record["pfns"].items()
    )
    name, did = quoteattr(record["name"]), escape(f"{record['scope']}:{record['name']}")
    size = f"  <size>{record['bytes']}</size>\n" if record["bytes"] else ""
    return f" <file name={name}>\n  <identity>{did}</identity>\n{size}{urls} </file>\n"
