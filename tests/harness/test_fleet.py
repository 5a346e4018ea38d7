"""Many flights: each has its verdict, in order, whatever becomes of the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.fleet import Order
from harness.fleet import fleet
from harness.fleet import fly_one
from harness.fleet import workers_for
from harness.pilots import PilotChoice
from harness.pilots import parse_choice
from harness.rerun import rerun_line
from harness.scenario import Scenario
from harness.scenario import World
from simkernel import ScenarioError
from tests.harness import stub_flight
from tests.harness.stub_flight import BREAKS
from tests.harness.stub_flight import FAILS
from tests.harness.stub_flight import PASSES
from tests.harness.stub_flight import RAISES

SCENARIO = Scenario("flap[late]", World("BNL", "Q", 0.0), variant="late", source="x.toml::late")


@pytest.fixture(autouse=True)
def stubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every flight be a stub's."""
    monkeypatch.setattr("harness.flight.fly", stub_flight.fly)


def order(seed: int, runs: Path = Path("runs")) -> Order:
    """Return the order of one flight."""
    return Order(SCENARIO, parse_choice("core"), seed, runs)


def test_verdicts_come_in_the_order_of_the_flights() -> None:
    orders = [order(seed) for seed in (FAILS, PASSES, BREAKS)]
    with fleet(orders, workers=1) as flights:
        assert ["fail", "pass", "broken"] == [each["state"] for each in flights.verdicts()]


def test_a_flight_alone_tells_its_progress() -> None:
    told: list[tuple[str, float]] = []
    with fleet([order(PASSES)], workers=1, progress=lambda *what: told.append(what)) as flights:
        list(flights.verdicts())
    assert [("job.state", 12.0)] == told


def test_a_flight_that_raises_is_broken_and_says_why() -> None:
    verdict = fly_one(order(RAISES))
    assert ("broken", "flap[late]", "late", RAISES) == (
        verdict["state"],
        verdict["scenario"],
        verdict["variant"],
        verdict["seed"],
    )
    assert "RuntimeError: the stub was told to raise" in verdict["notes"][0]


def test_an_error_that_has_words_for_it_needs_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **named: object) -> None:
        raise ScenarioError("no such site", where="x.toml:3")

    monkeypatch.setattr("harness.flight.fly", refuse)
    assert ["x.toml:3: no such site"] == fly_one(order(PASSES))["notes"]


def test_every_verdict_says_how_to_repeat_it() -> None:
    expected = "flightsim run x.toml::late --pilot core --seeds {}"
    for seed in (PASSES, RAISES):
        assert expected.format(seed) == fly_one(order(seed))["rerun"]


def test_the_interpreter_of_the_pilot_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def fly(*given: object, python: str = "", **named: object) -> object:
        seen.append(python)
        return stub_flight.verdict("flap", "core", 1, Path("runs"))

    monkeypatch.setattr("harness.flight.fly", fly)
    flown = fly_one(Order(SCENARIO, parse_choice("core"), 1, Path("runs"), "python3.9"))
    assert ["python3.9"] == seen
    assert str(flown["rerun"]).endswith("--pilot core --pilot-python python3.9 --seeds 1")


def test_a_rerun_line_survives_the_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pilot = PilotChoice("path", str(tmp_path / "my pilot"), "pilot3", "path-pilot")
    scenario = Scenario("flap", World("BNL", "Q", 0.0), source="my flaps/flap.toml")
    expected = "flightsim run 'my flaps/flap.toml' --pilot 'my pilot' --seeds 3"
    assert expected == rerun_line(scenario, pilot, seed=3)


def test_a_rerun_line_names_a_released_pilot_as_it_was_asked_for() -> None:
    expected = "flightsim run x.toml::late --pilot pypi:3.7.0.36 --seeds 1"
    assert expected == rerun_line(SCENARIO, parse_choice("pypi:3.7.0.36"), seed=1)


def test_many_flights_are_worth_a_process_a_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1, 2})
    assert [1, 1, 3] == [workers_for([order(PASSES)] * count) for count in (1, 15, 16)]
