"""What a live server begins with: plain tables of queues, storages, people, shares and jobs."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any
from typing import Iterable
from typing import Mapping

from fakeserver.jobs import spec_from
from fakeserver.server import PandaServer
from fakeserver.shares import Share
from simkernel import ScenarioError
from simkernel import nearest

TABLES = ("queues", "endpoints", "transforms", "proxies", "tokens", "token_keys", "keys")
OF_THE_VAULT = ("secrets", "clients")
OF_PEOPLE = ("users", "groups")
LISTS = ("shares", "jobs")
KNOWN = (*TABLES, *OF_THE_VAULT, *OF_PEOPLE, *LISTS)
USER = ("groups", "banned", "quota_core_s", "quota_jobs", "permissions", "email", "priority")
GROUP = ("quota_core_s",)


def fill(server: PandaServer, world: Mapping[str, Any], *, again: bool = False) -> None:
    """Fill *server* from plain tables (those that are KNOWN); users go by their DN.

    With *again*, jobs that are there already stay as they are. Raises ScenarioError for a table
    that is none, for a user or a share that makes no sense, and for a job that cannot be defined.
    """
    for name, content in world.items():
        known(name, KNOWN, what="table", where="world")
        wanted = list if name in LISTS else dict
        if not isinstance(content, wanted):
            raise ScenarioError(f"{name} is to be a {wanted.__name__}", where="world")
    for name in TABLES:
        getattr(server, name).update(world.get(name, {}))
    for name in OF_THE_VAULT:
        getattr(server.vault, name).update(world.get(name, {}))
    for dn, described in world.get("users", {}).items():
        server.people.add_user(dn, **plain(described, USER, where=f"user {dn}"))
    for group, described in world.get("groups", {}).items():
        server.people.add_group(group, **plain(described, GROUP, where=f"group {group}"))
    if "shares" in world:
        server.define_shares([share(each) for each in world["shares"]])
    for each in world.get("jobs", ()):
        spec = spec_from(each)
        if not again or spec.panda_id not in server.jobs:
            server.define_job(spec)


def share(described: Any) -> Share:
    """Return the share that is *described* in plain words. Raises ScenarioError."""
    names = [each.name for each in fields(Share)]
    values = plain(described, names, where="share")
    if not values.get("name"):
        raise ScenarioError("a share has a name", where="share")
    return Share(**values)


def plain(described: Any, names: Iterable[str], *, where: str) -> dict[str, Any]:
    """Return *described* if it is an object of nothing but *names*. Raises ScenarioError."""
    if not isinstance(described, dict):
        raise ScenarioError("an object is wanted", where=where)
    for name in described:
        known(name, names, what="field", where=where)
    return described


def known(word: str, words: Iterable[str], *, what: str, where: str) -> None:
    """Raise ScenarioError unless *word* is one of *words*, with the nearest that is."""
    choice = list(words)
    if word in choice:
        return
    near = nearest(word, choice)
    remedy = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(choice)}"
    raise ScenarioError(f"unknown {what} {word!r}", where=where, remedy=remedy)


def read_world(path: Path) -> dict[str, Any]:
    """Return the tables in the JSON file *path*. Raises ScenarioError if there are none."""
    try:
        world = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ScenarioError(f"cannot be read: {error}", where=str(path)) from error
    if not isinstance(world, dict):
        raise ScenarioError("an object with tables is wanted", where=str(path))
    return world
