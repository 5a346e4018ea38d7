"""How fast the node is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pilotcore import benchmark
from pilotcore.platform import Command
from pilotcore.platform import Exit
from tests.pilotcore.grid import Grid
from tests.pilotcore.scripted import Program
from tests.pilotcore.scripted import ScriptedChild

CLOCK = "cpu MHz\t: 2500.000\n"


@pytest.fixture
def measuring(grid: Grid) -> Grid:
    """Return a grid whose queue wants a benchmark; the node has four cores and no program."""
    queue: Any = {**grid.queue(), "catchall": "run_benchmark"}  # type: ignore[dict-item]
    grid.queue = lambda: queue  # type: ignore[method-assign]
    grid.run_cat = lambda _child: Exit(0, 0, CLOCK)  # type: ignore[attr-defined]
    grid.platform.cores = lambda: 4  # type: ignore[method-assign]
    return grid


def install(grid: Grid, run: Program) -> Path:
    """Put a cern-benchmark on /cvmfs that does *run*."""
    program = grid.home / "cvmfs" / benchmark.PLACE / benchmark.PROGRAM
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    grid.env["ATLAS_SW_BASE"] = str(grid.home / "cvmfs")
    usual = grid.program

    def found(command: Command) -> Program | None:
        return run if command.argv[0] == str(program) else usual(command)

    grid.platform._program = found
    return program


def leaving(text: str) -> Program:
    def run(child: ScriptedChild) -> Exit:
        assert child.command.env is not None
        child.sleep(120)
        path = Path(child.command.env["BMK_LOGDIR"]) / benchmark.RESULT
        path.parent.mkdir()
        path.write_text(text)
        return Exit(0)

    return run


def score(grid: Grid) -> str:
    text: str = grid.final["jobMetrics"]
    return text[text.index("benchmark=") :].partition(" cpuMHz")[0]


def test_the_sites_program_says_it_before_a_job_is_asked_for(measuring: Grid) -> None:
    install(measuring, leaving(json.dumps({"profiles": {"fastBmk": {"value": 14.254}}})))
    measuring.fly()
    asked = next(e.at for e in measuring.platform.asked if e.request.url.endswith("getJob"))
    assert ("benchmark=14.25 benchmarkBy=fastBmk", 120.0) == (score(measuring), asked)
    assert [] == list(measuring.start.rglob("benchmark"))


@pytest.mark.parametrize(
    "text",
    ["", "{", "{}", '{"profiles": {"fastBmk": {"value": "fast"}}}',
     '{"profiles": {"fastBmk": {"value": -1}}}', '{"profiles": {"fastBmk": {"value": NaN}}}'],
)  # fmt: skip
def test_nonsense_is_no_score_and_the_clocks_have_to_do(measuring: Grid, text: str) -> None:
    install(measuring, leaving(text))
    assert (0, "benchmark=10.00 benchmarkBy=GHz") == (measuring.fly(), score(measuring))


def test_so_it_is_without_a_program(measuring: Grid) -> None:
    assert (0, "benchmark=10.00 benchmarkBy=GHz") == (measuring.fly(), score(measuring))


def test_so_it_is_with_one_that_fails(measuring: Grid) -> None:
    install(measuring, lambda _child: Exit(3, 0, "", "no licence"))
    assert (0, "benchmark=10.00 benchmarkBy=GHz") == (measuring.fly(), score(measuring))


def test_one_that_hangs_costs_a_quarter_of_an_hour(measuring: Grid) -> None:
    def hang(child: ScriptedChild) -> Exit:
        child.sleep(1e7)
        return Exit(0)

    install(measuring, hang)
    measuring.fly()
    asked = next(e.at for e in measuring.platform.asked if e.request.url.endswith("getJob"))
    assert ("benchmark=10.00 benchmarkBy=GHz", 900.0) == (score(measuring), asked)


def test_nobody_measures_where_nobody_asks(grid: Grid) -> None:
    grid.fly()
    assert "benchmark" not in grid.final["jobMetrics"]


def test_where_nobody_can_tell_nothing_is_told(measuring: Grid) -> None:
    del measuring.run_cat  # type: ignore[attr-defined]
    measuring.fly()
    assert "benchmark" not in measuring.final["jobMetrics"]


def test_a_signal_ends_it(measuring: Grid) -> None:
    install(measuring, leaving("{}"))
    measuring.signal_at(50.0)
    assert (143, []) == (measuring.fly(), measuring.updates)
