"""flightsim-rucio: how the download and upload clients of Rucio in Python move a file.

The pilot imports rucio.client.downloadclient and uploadclient; those that a simulated node has are
stubs which run this tool: ``download|upload [options] SCOPE:NAME PATH``. Standard output is what
came of it, in JSON; the exit code is 0, 1 if nothing was moved. The options are --rse, --pfn,
--timeout (seconds), --checksum and --pcache.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from typing import Generator

import simpy

from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._rucio_asking import ServerError
from fakesites.tools._rucio_copies import ALREADY
from fakesites.tools._rucio_copies import DONE
from fakesites.tools._rucio_copies import IN_PCACHE
from fakesites.tools._rucio_copies import Item
from fakesites.tools._rucio_copies import Result
from fakesites.tools._rucio_copies import download
from fakesites.tools._rucio_copies import upload
from fakesites.transfers import TransferError

Work = Generator[simpy.Event, Any, int]
MOVES = {"download": download, "upload": upload}
GRAMMAR = Grammar(
    long=(
        ("rse=", "rse"),
        ("pfn=", "pfn"),
        ("timeout=", "timeout"),
        ("checksum", "checksum"),
        ("pcache", "pcache"),
    )
)


@tool("flightsim-rucio")
def rucio_files(call: ToolCall) -> Work:
    """Move one file and print the Result; exit code 0, 1 if nothing was moved."""
    options = GRAMMAR.read(call.argv[1:])
    move = MOVES.get(call.argv[1] if len(call.argv) > 1 else "")
    if move is None or len(options.words) != 2:
        raise UsageError("download|upload [options] SCOPE:NAME PATH")
    scope, _, name = options.words[0].partition(":")
    item = Item(
        scope,
        name,
        options.words[1],
        rse=options.get("rse"),
        pfn=options.get("pfn"),
        limit_s=options.number("timeout", float("inf")),
        checksum=options.has("checksum"),
        pcache=options.has("pcache"),
    )
    result = Result()
    try:
        result = yield from move(call, item)
    except ServerError as error:
        result.reason = str(error)
    except TransferError as error:
        result.reason = f"{error.text or error}: {error.path}"
    call.out(json.dumps(asdict(result)) + "\n")
    return int(result.state not in (DONE, ALREADY, IN_PCACHE))
