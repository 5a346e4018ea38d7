"""A scenario flown on both platforms, as a guest and inside the host, is one flight.

Every event is compared, with its time to the microsecond and all its fields. What cannot be the
same is in the table, with the reason; nothing else is left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.discover import discover
from harness.flight import fly
from harness.known import vocabulary
from harness.pilots import parse_choice
from harness.scenario import Scenario
from simkernel.journal import read_journal

# Kind of event, field -> why it differs.
DIFFERENT = {
    ("header", "pilot"): "says which of the two it is",
    ("flight.begin", "pilot"): "says which of the two it is",
}
# Scenario -> why it cannot be flown inside the host.
ONLY_AS_GUEST: dict[str, str] = {
    "joining-experiment[tidal]": "its plug-in is a package of the node's Python, not of the host's",
}
# Scenario -> in what the two differ, and nobody knows why yet: expected to fail.
UNLIKE = {
    "inc-065-silent-connection[drip]": "a byte a second: the first answer is given up 1 s earlier",
}
# A look at each kind of thing that can go differently; the rest takes minutes.
FEW = (
    "clone-job",
    "first-job",
    "hanging-transfer",
    "later-pilot[stage-out]",
    "lost-answer[final]",
    "server-answers-html[once]",
    "sigterm[stage-out]",
    "voms-attributes-expired[during-the-job]",
)


def scenarios() -> list[Any]:
    """Return every bundled scenario, those that are not of the FEW as slow ones."""
    return [
        pytest.param(each, id=each.name, marks=marks_of(each.name))
        for each in discover((), vocabulary=vocabulary())
        if each.name not in ONLY_AS_GUEST
    ]


def marks_of(name: str) -> tuple[Any, ...]:
    """Return the marks of the scenario *name*."""
    unlike = (pytest.mark.xfail(reason=UNLIKE[name], strict=True),) if name in UNLIKE else ()
    return unlike if name in FEW else (*unlike, pytest.mark.slow)


def journal_of(scenario: Scenario, pilot: str, runs: Path) -> list[tuple[object, ...]]:
    """Return all that a flight has left, without what cannot be the same."""
    verdict = fly(scenario, parse_choice(pilot), seed=scenario.seed, runs=runs)
    header, events = read_journal(Path(verdict.run_dir) / "events.jsonl")
    lines: list[tuple[object, ...]] = [("header", _alike("header", header))]
    lines += [
        (each.t, each.n, each.who, each.what, _alike(each.what, each.data)) for each in events
    ]
    return lines


def _alike(what: str, fields: Any) -> dict[str, object]:
    return {name: value for name, value in fields.items() if (what, name) not in DIFFERENT}


@pytest.mark.parametrize("scenario", scenarios())
def test_both_platforms_make_the_same_flight(scenario: Scenario, tmp_path: Path) -> None:
    guest = journal_of(scenario, "core", tmp_path / "guest")
    host = journal_of(scenario, "core:in-process", tmp_path / "host")
    for expected, actual in zip(guest, host, strict=False):
        assert expected == actual
    assert len(guest) == len(host)


def test_the_few_are_scenarios() -> None:
    names = {each.name for each in discover((), vocabulary=vocabulary())}
    assert {*FEW, *UNLIKE, *ONLY_AS_GUEST} <= names
