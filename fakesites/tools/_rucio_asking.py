"""What Rucio's clients on a node ask of its server: replicas of files, and how an RSE is reached.

Modelled: one question, one answer, by JSON. Not modelled: authentication, pages of long answers.
"""

from __future__ import annotations

import json
from typing import Any
from typing import Generator
from typing import Sequence

import simpy

from fakesites.replicas import CATALOGUE_HOST
from fakesites.replicas import CATALOGUE_PORT
from fakesites.replicas import LIST_PATH
from fakesites.replicas import RSE_PATH
from fakesites.tools import ToolCall
from simkernel import NetError
from simkernel import Request

Work = Generator[simpy.Event, Any, Any]
Record = dict[str, Any]


class ServerError(Exception):
    """Rucio's server gives no answer, or says that there is no such thing."""


def replicas(call: ToolCall, dids: Sequence[Record], schemes: Sequence[str] | None = None) -> Work:
    """Return the catalogue's records of *dids*. Raises ServerError."""
    question = {
        "dids": [{"scope": did["scope"], "name": did["name"]} for did in dids],
        "schemes": schemes,
        "site": call.env.get("RUCIO_LOCAL_SITE_ID", ""),
    }
    return (yield from _asked(call, LIST_PATH, question))


def rse_of(call: ToolCall, name: str) -> Work:
    """Return what the server knows of the RSE *name*. Raises ServerError."""
    found = yield from _asked(call, RSE_PATH, {"rse": name})
    if not found:
        text = f"RSE does not exist.\nDetails: RSE expression '{name}' resulted in no RSEs"
        raise ServerError(text)
    return found


def _asked(call: ToolCall, path: str, question: Record) -> Work:
    request = Request(
        "POST",
        CATALOGUE_HOST,
        CATALOGUE_PORT,
        path,
        body=json.dumps(question, sort_keys=True).encode(),
        source=call.node.name,
        who=call.owner,
        tls=True,
    )
    try:
        answer = yield from call.node.network.fetch(request)
    except NetError as error:
        raise ServerError(f"Cannot connect to the Rucio server: {error.text}") from error
    return json.loads(answer.body)
