"""flightsim-replicas: how a Rucio client on a node asks the replica catalogue.

The pilot imports rucio.client; the one that a simulated node has is a stub which runs this tool.
Its only argument is the question in JSON: dids, and optionally schemes. Standard output is the
list of records in JSON. Not modelled: authentication, the pages of a long answer.
"""

from __future__ import annotations

import json
from typing import Any
from typing import Generator

import simpy

from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.tools._rucio_asking import ServerError
from fakesites.tools._rucio_asking import replicas

Work = Generator[simpy.Event, Any, int]


@tool("flightsim-replicas")
def rucio_replicas(call: ToolCall) -> Work:
    """Print the replicas asked for; exit code 0, 1 if the catalogue gives no answer."""
    try:
        question = json.loads(call.argv[1])
        dids = [{"scope": did["scope"], "name": did["name"]} for did in question["dids"]]
    except (IndexError, KeyError, TypeError, ValueError):
        call.err('usage: flightsim-replicas \'{"dids": [{"scope": …, "name": …}]}\'\n')
        return 1
    try:
        records = yield from replicas(call, dids, question.get("schemes"))
    except ServerError as error:
        call.err(f"{error}\n")
        return 1
    call.out(json.dumps(records) + "\n")
    return 0
