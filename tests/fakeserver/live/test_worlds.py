"""What a server begins with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fakeserver.live.worlds import fill
from fakeserver.live.worlds import read_world
from simkernel import ScenarioError
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.servers import Bench


def test_plain_tables_fill_a_server() -> None:
    server = Bench().server
    world = {
        "queues": {QUEUE: {"status": "online"}},
        "endpoints": {"E": {}},
        "transforms": {"t": "text"},
        "tokens": {"client": "token"},
        "jobs": [{"panda_id": 5, "queue": QUEUE}],
    }
    fill(server, world)
    assert ([QUEUE], ["E"]) == (list(server.queues), list(server.endpoints))
    assert ("text", "token") == (server.transforms["t"], server.tokens["client"])
    assert [5] == list(server.jobs)


def test_a_world_that_comes_again_leaves_its_jobs_alone() -> None:
    server = Bench().server
    world = {"jobs": [{"panda_id": 5, "queue": QUEUE}]}
    fill(server, world)
    with pytest.raises(ScenarioError, match="taken"):
        fill(server, world)
    fill(server, {"jobs": [*world["jobs"], {"panda_id": 6, "queue": QUEUE}]}, again=True)
    assert [5, 6] == list(server.jobs)


@pytest.mark.parametrize(
    ("world", "why"),
    [
        ({"queus": {}}, "did you mean 'queues'"),
        ({"xyz": {}}, "known: queues"),
        ({"queues": []}, "queues is to be a dict"),
        ({"jobs": {}}, "jobs is to be a list"),
    ],
)
def test_a_wrong_table_is_refused_before_anything_is_filled(
    world: dict[str, Any], why: str
) -> None:
    server = Bench().server
    with pytest.raises(ScenarioError, match=why):
        fill(server, {"endpoints": {"E": {}}, **world})
    assert {} == server.endpoints


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    path.write_text(json.dumps({"queues": {}}))
    assert {"queues": {}} == read_world(path)


@pytest.mark.parametrize("text", ["", "[]", "{", "\udcff"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "world.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ScenarioError, match=r"world\.json"):
        read_world(path)


def test_people_shares_and_secrets_come_in_too() -> None:
    server = Bench().server
    dn = "/DC=sim/CN=Ada Lovelace"
    world = {
        "users": {dn: {"quota_jobs": 2, "groups": ["phys"]}},
        "groups": {"phys": {"quota_core_s": 100}},
        "shares": [{"name": "Test", "label": "test"}, {"name": "Prod", "value": 1.0}],
        "secrets": {"Ada Lovelace": {"key": "value"}},
        "clients": {"pilot_server": {"vo": "atlas", "role": "pilot"}},
    }
    fill(server, world)
    assert {"dn": dn, "quota_jobs": 2, "groups": ["phys"]} == server.people.users["Ada Lovelace"]
    assert server.people.throttled("Ada Lovelace", active=2)
    assert {"quota_core_s": 100} == server.people.groups["phys"]
    assert ["Test", "Prod"] == [each.name for each in server.table.shares.present()]
    assert {"key": "value"} == server.vault.secrets_of("Ada Lovelace")
    assert server.vault.token("pilot_server", now=0.0)


@pytest.mark.parametrize(
    ("world", "why"),
    [
        ({"users": {"/CN=A": {"quota": 1}}}, "quota"),
        ({"groups": {"g": 5}}, "an object"),
        ({"shares": [{"name": "A", "valu": 1}]}, "value"),
        ({"shares": [{"value": 1}]}, "a share has a name"),
        ({"shares": {}}, "a list"),
    ],
)
def test_people_and_shares_that_make_no_sense_are_refused(world: dict[str, Any], why: str) -> None:
    with pytest.raises(ScenarioError, match=why):
        fill(Bench().server, world)
