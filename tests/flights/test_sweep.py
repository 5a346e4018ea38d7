"""Whatever goes wrong as the n-th thing: no rule is broken and nothing that was made is lost.

A share by default; ``python -m tests.flights.sweep`` for all of them (docs/how-to/hunt.md).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.pilots import Installed
from harness.pilots import install
from harness.pilots import parse_choice
from tests.flights.mutants import plant
from tests.flights.sweep import SWEEPS
from tests.flights.sweep import Landed
from tests.flights.sweep import fly
from tests.flights.sweep import healthy
from tests.flights.sweep import trouble

SHARE = 12
NO_RECOVERY = {"pilot.py": ("        if self._options.recovery:\n", "        if False:\n")}
FORGETS_LEDGER = {
    "recovery/ledger.py": (
        "        text = json.dumps(facts, default=vars)\n",
        "        text = json.dumps({} if 'stored' in facts else facts, default=vars)\n",
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
@pytest.mark.parametrize("part", range(3))
def test_the_nth_thing_that_fails_costs_nothing_that_was_made(
    core: Installed, calm: Landed, sweep: str, part: int
) -> None:
    plans = SWEEPS[sweep](calm)[part * SHARE // 3 :: SHARE]
    assert plans
    assert [] == [words for plan in plans for words in trouble(fly(core, plan))]


def last_kill(core: Installed, calm: Landed) -> Landed:
    """Kill the first pilot when it begins to store the log: its outputs are stored."""
    log = [event.n for event in calm.events if event.what == "transfer.begin"][-1]
    (plan,) = (plan for plan in SWEEPS["kills"](calm) if plan.at.event == log)
    return fly(core, plan)


def stored(landed: Landed) -> list[str]:
    return [str(event["path"]) for event in landed.events if event.what == "storage.write"]


@pytest.mark.slow
def test_without_recovery_what_was_made_is_lost(tmp_path: Path, calm: Landed) -> None:
    mutant = install(parse_choice(str(plant(tmp_path / "mutant", NO_RECOVERY))))
    assert ["of three files 0 are registered: []"] == trouble(last_kill(mutant, calm))


@pytest.mark.slow
def test_the_second_pilot_stores_only_what_the_first_has_not(core: Installed, calm: Landed) -> None:
    landed = last_kill(core, calm)
    assert [] == trouble(landed)
    assert 5 == len(stored(landed)) == len(set(stored(landed)))


@pytest.mark.slow
def test_a_ledger_that_forgets_stored_files_is_noticed(tmp_path: Path, calm: Landed) -> None:
    mutant = install(parse_choice(str(plant(tmp_path / "mutant", FORGETS_LEDGER))))
    assert 7 == len(stored(last_kill(mutant, calm)))
