"""What a live server begins with: plain tables of queues, endpoints, transforms and jobs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from typing import Mapping

from fakeserver.jobs import spec_from
from fakeserver.server import PandaServer
from simkernel import ScenarioError
from simkernel import nearest

TABLES = ("queues", "endpoints", "transforms", "proxies", "tokens", "token_keys", "keys")


def fill(server: PandaServer, world: Mapping[str, Any], *, again: bool = False) -> None:
    """Fill *server* from plain tables (those of TABLES, and ``jobs``).

    With *again*, jobs that are there already stay as they are. Raises ScenarioError for a table
    that is none, and for a job that cannot be defined.
    """
    for name, content in world.items():
        if name not in (*TABLES, "jobs"):
            near = nearest(name, (*TABLES, "jobs"))
            remedy = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(TABLES)}, jobs"
            raise ScenarioError(f"unknown table {name!r}", where="world", remedy=remedy)
        wanted = list if name == "jobs" else dict
        if not isinstance(content, wanted):
            raise ScenarioError(f"{name} is to be a {wanted.__name__}", where="world")
    for name in TABLES:
        getattr(server, name).update(world.get(name, {}))
    for each in world.get("jobs", ()):
        spec = spec_from(each)
        if not again or spec.panda_id not in server.jobs:
            server.define_job(spec)


def read_world(path: Path) -> dict[str, Any]:
    """Return the tables in the JSON file *path*. Raises ScenarioError if there are none."""
    try:
        world = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ScenarioError(f"cannot be read: {error}", where=str(path)) from error
    if not isinstance(world, dict):
        raise ScenarioError("an object with tables is wanted", where=str(path))
    return world
