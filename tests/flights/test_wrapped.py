"""Pilots behind a wrapper: the script runs on the node's shell, the pilot below it as a guest."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path

import pytest

from harness.replay import replay
from harness.scenario import FaultPlan
from harness.scenario import Pilot
from harness.triggers import Trigger
from tests.flights.conftest import Fly
from tests.flights.conftest import scenario_named
from tests.flights.mutants import plant


def started(flight: object) -> dict[str, list[str]]:
    """Return the command lines of the slot's own processes by the name of the program."""
    events = flight.of("process.start")  # type: ignore[attr-defined]
    mine = [event["argv"] for event in events if event["owner"] == "pilot-1"]
    return {words[0].rpartition("/")[2]: words for words in reversed(mine)}


def test_the_script_is_what_the_batch_system_starts_and_the_pilot_its_child(flights: Fly) -> None:
    _, flight = flights("wrapper::stable")
    (script, pilot, *_) = [
        each for each in flight.of("process.start") if each["owner"] == "pilot-1"
    ]
    assert ["/srv/work/wrapper.sh", "--pilot-user"] == script["argv"][:2]
    assert (script["pid"], script["pid"]) == (pilot["ppid"], pilot["pgid"])
    assert ["python3", "-m", "pilotcore", "--pilot-user"] == pilot["argv"][:4]
    assert script["argv"][1:] == pilot["argv"][3:]


@pytest.mark.parametrize(
    ("variant", "module"),
    [("candidate", "pilotcore.__main__"), ("no-candidate", "pilotcore"), ("trivial", "pilotcore")],
)
def test_which_code_is_started_can_be_told(flights: Fly, variant: str, module: str) -> None:
    _, flight = flights(f"wrapper::{variant}")
    assert ["-m", module] == started(flight)["python3"][1:3]


def test_the_draw_is_of_a_stream_of_its_own(flights: Fly) -> None:
    scenario = scenario_named("wrapper::stable")
    scenario.world.overrides["environ"].pop("PILOT_DRAW")
    modules = set()
    for seed in (1, 2):
        _, flight = flights(scenario, seed=seed)
        modules.add(started(flight)["python3"][2])
    assert modules <= {"pilotcore", "pilotcore.__main__"}


def test_a_healthy_wrapper_says_nothing(flights: Fly) -> None:
    verdict, _ = flights("wrapper::trivial")
    lines = (Path(verdict.run_dir) / "pilot-1.out").read_text().splitlines()
    assert "pilotcore" in lines[0]
    assert not [line for line in lines if line.startswith("wrapper")]


def test_a_flight_behind_a_wrapper_is_replayed_byte_for_byte(flights: Fly) -> None:
    verdict, _ = flights("wrapper::sigterm")
    assert replay(Path(verdict.run_dir)).same


def test_a_wrapper_that_keeps_signals_to_itself_is_noticed(flights: Fly, tmp_path: Path) -> None:
    kept = {"wrapper/wrapper.sh": ('    kill -s "$1" "$!" 2>/dev/null\n', "    :\n")}
    scenario = scenario_named("wrapper::sigterm")
    verdict, _ = flights(scenario, plant(tmp_path / "deaf", kept))
    assert "fail" == verdict.state
    assert "had to be killed" in " ".join(each.text for each in verdict.findings)


def test_a_wrapper_that_is_killed_leaves_nothing_behind(flights: Fly) -> None:
    scenario = scenario_named("wrapper::stable")
    kill = FaultPlan("batch.kill", "kill", Trigger(phase="payload", after_s=60.0))
    _, flight = flights(replace(scenario, faults=(kill,)))
    alive = {each["pid"] for each in flight.of("process.start") if each["owner"] == "pilot-1"}
    assert alive == {each["pid"] for each in flight.of("process.exit")} & alive
    assert int(signal.SIGKILL) == flight.of("pilot.exit")[0]["signal"]


def test_two_pilots_on_one_node_have_a_wrapper_each(flights: Fly) -> None:
    scenario = scenario_named("wrapper::stable")
    both = (Pilot(wrapper="wrapper", node="wn001"), Pilot(wrapper="trivialWrapper", node="wn001"))
    verdict, flight = flights(replace(scenario, jobs=scenario.jobs * 2, pilots=both))
    assert ("pass", 2) == (verdict.state, len(flight.of("pilot.exit"))), verdict.unmet
