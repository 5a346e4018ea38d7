"""rucio: the command line of a Rucio client, as far as it lists replicas.

Models ``rucio list-file-replicas --metalink [--protocols LIST] SCOPE:NAME``, which writes what the
catalogue knows of the file, in the order in which the catalogue has it. Refused: every other
command. Read from rucio-clients 35: bin/rucio, list_file_replicas(), and
rucio@35:lib/rucio/common/utils.py, build_url() and the metalink of list_replicas.
"""

from __future__ import annotations

import json
from typing import Any
from typing import Generator
from xml.sax.saxutils import escape
from xml.sax.saxutils import quoteattr

import simpy

from fakesites.replicas import CATALOGUE_HOST
from fakesites.replicas import CATALOGUE_PORT
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from simkernel import NetError
from simkernel import Request

Work = Generator[simpy.Event, Any, int]
LIST = Grammar(long=(("metalink", "metalink"), ("protocols=", "protocols")))
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<metalink xmlns="urn:ietf:params:xml:ns:metalink">\n'
)


@tool("rucio")
def rucio(call: ToolCall) -> Work:
    """Print the replicas of one file; exit code 0, 1 if the catalogue gives no answer."""
    if call.argv[1:2] != ("list-file-replicas",):
        raise UsageError("only list-file-replicas is simulated")
    options = LIST.read(call.argv[1:])
    if len(options.words) != 1 or ":" not in options.words[0] or not options.has("metalink"):
        raise UsageError("list-file-replicas --metalink SCOPE:NAME")
    scope, _, name = options.words[0].partition(":")
    schemes = options.get("protocols").split(",") if options.has("protocols") else None
    asked = {
        "dids": [{"scope": scope, "name": name}],
        "schemes": schemes,
        "site": call.env.get("RUCIO_LOCAL_SITE_ID", ""),
    }
    request = Request(
        "POST",
        CATALOGUE_HOST,
        CATALOGUE_PORT,
        "/replicas/list",
        body=json.dumps(asked, sort_keys=True).encode(),
        source=call.node.name,
        who=call.owner,
        tls=True,
    )
    try:
        answer = yield from call.node.network.fetch(request)
    except NetError as error:
        call.err(f"Cannot connect to the Rucio server: {error.text}\n")
        return 1
    call.out(HEAD + "".join(map(metalink, json.loads(answer.body))) + "</metalink>\n")
    return 0


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
