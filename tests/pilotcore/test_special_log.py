"""The second copy of a log, below folders made of the job's id."""

from __future__ import annotations

from typing import Any

import pytest

from pilotcore.data.special_log import folders_of
from pilotcore.platform import Exit
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import record
from tests.pilotcore.scripted import ScriptedChild

PLACE = "root://logs.sim:1094//logs/60/01/job.log.tgz"


def with_logs(grid: Grid, **changes: object) -> None:
    """Give the queue a storage for logs."""
    rows = [{"endpoint": "root://logs.sim:1094", "path": "//logs/", "id": 2}]
    endpoints: Any = grid.endpoints()
    endpoints["LOGS"] = {"type": "OS_LOGS", "arprotocols": {"write_lan": rows}}
    queue: Any = grid.queue()
    storages = {**queue["astorages"], "pls": ["LOGS"]}
    definition = {**queue, "astorages": storages, **changes}
    grid.endpoints = lambda: endpoints  # type: ignore[method-assign]
    grid.queue = lambda: definition  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("panda_id", "folders"),
    [(1838566890, "18/38/56/68/90"), (183856689, "18/38/56/68/9"), (6001, "60/01"), (7, "7")],
)
def test_two_digits_are_a_level(panda_id: int, folders: str) -> None:
    assert folders == folders_of(panda_id)


@pytest.mark.parametrize(
    ("catchall", "wish", "sent"),
    [("log_to_objectstore", "NULL", True), ("", "True", True), ("", "False", False)],
)
def test_queue_or_job_may_want_it(grid: Grid, catchall: str, wish: str, sent: bool) -> None:
    with_logs(grid, catchall=catchall)
    grid.jobs = [record(putLogToOS=wish)]
    assert (0, "finished") == (grid.fly(), grid.final["state"])
    assert sent == (PLACE in grid.storage)
    assert sent == ("logSpecial=LOGS:60/01/job.log.tgz" in grid.final["jobMetrics"])


def test_it_is_registered_nowhere_and_the_ordinary_log_is(grid: Grid) -> None:
    with_logs(grid, catchall="log_to_objectstore")
    grid.fly()
    assert {"out.root", "job.log.tgz"} == set(grid.xml)
    assert {"DISK"} == {each["endpoint"] for each in grid.xml.values()}


def test_a_failure_is_a_warning_and_is_not_repeated(grid: Grid) -> None:
    with_logs(grid, catchall="log_to_objectstore")
    usual = grid.run_xrdcp

    def run(child: ScriptedChild) -> Exit:
        return Exit(1, 0, "", "sorry") if child.argv[-1] == PLACE else usual(child)

    grid.run_xrdcp = run  # type: ignore[method-assign]
    assert (0, "finished") == (grid.fly(), grid.final["state"])
    tries = [child for child in grid.platform.ran("xrdcp") if child.argv[-1] == PLACE]
    assert (1, True) == (len(tries), "no special log: Failed to stage-out file" in grid.log)


def test_it_goes_even_if_the_ordinary_storage_takes_no_log(grid: Grid) -> None:
    with_logs(grid, catchall="log_to_objectstore")
    usual = grid.run_xrdcp

    def run(child: ScriptedChild) -> Exit:
        failing = child.argv[-1].endswith("log.tgz") and child.argv[-1] != PLACE
        return Exit(1, 0, "", "sorry") if failing else usual(child)

    grid.run_xrdcp = run  # type: ignore[method-assign]
    grid.fly()
    assert ("failed", True) == (grid.final["state"], PLACE in grid.storage)


def test_a_storage_that_is_not_defined_is_a_warning(grid: Grid) -> None:
    queue: Any = grid.queue()
    storages = {**queue["astorages"], "pls": ["NOWHERE"]}
    definition = {**queue, "astorages": storages, "catchall": "log_to_objectstore"}
    grid.queue = lambda: definition  # type: ignore[method-assign]
    grid.fly()
    assert ("finished", True) == (grid.final["state"], "NOWHERE not defined" in grid.log)
