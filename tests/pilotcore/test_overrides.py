"""What a job has otherwise than its queue."""

from __future__ import annotations

from typing import Mapping

import pytest

from pilotcore.overrides import taken_out
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import code_of
from tests.pilotcore.grid import record


@pytest.mark.parametrize(
    ("text", "left", "found"),
    [
        ("-a 1", "-a 1", {}),
        ("-a --overwriteQueueData {'x': 1} -b", "-a -b", {"x": 1}),
        ("""-a --overwriteQueueData "{'x': {'y': [1]}}" -b""", "-a -b", {"x": {"y": [1]}}),
        ("""--overwriteQueueData='{"x": true, "y": null}' -b""", "-b", {"x": True, "y": None}),
        ("-a --overwriteQueuedata={x=1,y = b }", "-a", {"x": "1", "y": "b"}),
        ("--overwriteQueuedata={}", "", {}),
        ("--overwriteQueuedata={x=1} --overwriteQueueData {'x': 2}", "", {"x": 2}),
        ("--overwriteQueueDataX {'x': 1}", "--overwriteQueueDataX {'x': 1}", {}),
    ],
)
def test_overrides_are_taken_out_of_the_parameters(
    text: str, left: str, found: Mapping[str, object]
) -> None:
    said = taken_out(text)
    assert (left, found, {}) == (said.parameters, said.queue, said.storages)


def test_storages_have_an_option_of_their_own() -> None:
    said = taken_out("--overwriteStorageData {'DISK': {'type': 'x'}} -a")
    assert ("-a", {}, {"DISK": {"type": "x"}}) == (said.parameters, said.queue, said.storages)


@pytest.mark.parametrize(
    "text",
    ["{", "{'x': 1", "{1: 2}", "{x}", "no table", "{=1}", "{'x': __import__('os')}"],
)
def test_what_cannot_be_read_is_an_error(text: str) -> None:
    assert 1302 == code_of(lambda: taken_out(f"-a --overwriteQueueData {text}"))


def overriding(text: str) -> dict[str, object]:
    return record(jobPars=f"--events 10 --overwriteQueueData {text}")


def test_the_payload_does_not_see_it(grid: Grid) -> None:
    grid.jobs = [overriding("{'maxinputsize': 9000}")]
    assert 0 == grid.fly()
    assert "finished" == grid.final["state"]
    assert "./payload --events 10\n" in grid.log
    assert "has otherwise than its queue: maxinputsize" in grid.log


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{'copytools': None, 'acopytools': None}", 1117),
        ("{'acopytools': {'pl': ['rucio3'], 'read_lan': ['rucio3']}, 'copytools': {}}", 1323),
        ("{'maxinputsize': 0.000001}", 1168),
        ("{x}", 1302),
    ],
)
def test_it_holds_for_its_job_and_for_no_other(grid: Grid, text: str, code: int) -> None:
    queue = {**grid.queue(), "timefloor": 600}  # type: ignore[dict-item]
    grid.queue = lambda: queue  # type: ignore[method-assign]
    grid.jobs = [overriding(text), record(PandaID=6002, jobPars="")]
    grid.fly()
    finals = {
        int(each["jobId"]): (each["state"], int(each.get("pilotErrorCode") or 0))
        for each in grid.accepted
        if each["state"] in ("finished", "failed")
    }
    assert {6001: ("failed", code), 6002: ("finished", 0)} == finals
