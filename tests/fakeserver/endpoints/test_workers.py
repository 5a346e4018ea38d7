"""Workers, their nodes, resource types."""

from __future__ import annotations

import json

from tests.fakeserver.servers import EPOCH
from tests.fakeserver.servers import Bench
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import modern
from tests.fakeserver.speakers import read

NODE = {"site": "BNL", "host_name": "slot1@wn1.bnl.sim", "cpu_model": "AMD EPYC 7351"}


def test_a_worker_starts_and_finishes(bench: Bench) -> None:
    values = {"workerID": "7", "harvesterID": "h", "status": "started", "site": "Q", "node_id": "n"}
    assert {"StatusCode": 0} == read(legacy(bench, "update_worker_status", values))
    bench.dial.now += 60
    now = {"worker_id": 7, "harvester_id": "h", "status": "finished", "node_id": "n"}
    assert read(modern(bench, "update_worker_status", now))["success"] is True
    expected = {
        "status": "finished",
        "node": "n",
        "started_at": EPOCH,
        "finished_at": EPOCH + 60,
    }
    assert {"h/7": expected} == bench.server.workers


def test_a_worker_has_two_states_only(bench: Bench) -> None:
    values = {"workerID": "7", "harvesterID": "h", "status": "running", "site": "Q"}
    text = b"Invalid worker state. The worker state has to be in ('started', 'finished')"
    assert text == legacy(bench, "update_worker_status", values).body
    assert {} == bench.server.workers


def test_a_node_is_kept_by_site_and_name_without_its_slot(bench: Bench) -> None:
    said = read(modern(bench, "update_worker_node", NODE | {"clock_speed": 2400.5, "timeout": 5}))
    assert {"success": True, "message": "", "data": None} == said
    assert {"BNL/wn1.bnl.sim": NODE | {"clock_speed": 2400.5, "last_seen": EPOCH}} == (
        bench.server.worker_nodes
    )


def test_gpus_are_kept_with_their_node(bench: Bench) -> None:
    modern(bench, "update_worker_node", NODE)
    gpu = {"vendor": "NVIDIA", "model": "A100", "count": 4, "vram": 81920}
    site = {"site": "BNL", "host_name": "wn1.bnl.sim"}
    read(modern(bench, "update_worker_node_gpu", site | gpu))
    assert {"NVIDIA A100": gpu} == bench.server.worker_nodes["BNL/wn1.bnl.sim"]["gpus"]


def test_resource_types_are_a_list_in_both_dialects(bench: Bench) -> None:
    old = read(legacy(bench, "get_resource_types", {}))
    new = read(modern(bench, "get_resource_types", {}))
    names = ["SCORE", "SCORE_HIMEM", "MCORE", "MCORE_HIMEM"]
    assert names == [each["resource_name"] for each in old["ResourceTypes"]]
    assert old["ResourceTypes"] == new["data"]
    assert json.dumps(2000) in json.dumps(new["data"])
