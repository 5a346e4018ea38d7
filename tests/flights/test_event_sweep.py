"""Whatever goes wrong as the n-th thing in a job of the event service, no range is done twice.

A share by default; ``python -m tests.flights.event_sweep`` for all of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.pilots import Installed
from harness.pilots import install
from harness.pilots import parse_choice
from tests.flights.event_sweep import finished
from tests.flights.event_sweep import fly
from tests.flights.event_sweep import healthy
from tests.flights.event_sweep import trouble
from tests.flights.mutants import plant
from tests.flights.sweep import SWEEPS
from tests.flights.sweep import Landed

SHARE = 16
REPORTS_FIRST = {
    "run/storing.py": (
        "        try:\n            stored = self._packed_and_stored(",
        '        self._done(bundle, StoredFile(path.name, "", 1, "1", "", "BNL_DATADISK"))\n'
        "        try:\n            stored = self._packed_and_stored(",
    )
}


@pytest.fixture(scope="module")
def core() -> Installed:
    return install(parse_choice("core"))


@pytest.fixture(scope="module")
def calm(core: Installed) -> Landed:
    return healthy(core)


@pytest.mark.slow
@pytest.mark.parametrize("sweep", SWEEPS)
def test_the_nth_thing_that_fails_has_no_range_done_twice(
    core: Installed, calm: Landed, sweep: str
) -> None:
    plans = SWEEPS[sweep](calm)[::SHARE]
    assert plans
    assert [] == [words for plan in plans for words in trouble(fly(core, plan))]


@pytest.mark.slow
def test_what_a_dead_pilot_had_reported_is_not_done_again(core: Installed, calm: Landed) -> None:
    said = [event.n for event in calm.events if event.what == "event.range_said"]
    (plan,) = (each for each in SWEEPS["kills"](calm) if each.at.event == said[0])
    landed = fly(core, plan)
    assert ([], {1}) == (trouble(landed), set(finished(landed.events).values()))
    assert 6 == len(finished(landed.events))


@pytest.mark.slow
def test_a_pilot_that_reports_before_it_stores_is_found(tmp_path: Path, calm: Landed) -> None:
    mutant = install(parse_choice(str(plant(tmp_path / "mutant", REPORTS_FIRST))))
    stored = [e.n for e in calm.events if e.what == "transfer.begin" and "premerge" in str(e)]
    (plan,) = (each for each in SWEEPS["kills"](calm) if each.at.event == stored[1])
    assert any("was not stored" in words for words in trouble(fly(mutant, plan)))
