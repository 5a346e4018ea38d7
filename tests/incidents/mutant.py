"""The mutants and the scenarios of incidents, found by their names."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import Mapping

from harness.discover import discover
from harness.known import vocabulary
from harness.scenario import Expectation
from harness.scenario import Scenario
from harness.verdict import Verdict
from tests.flights.mutants import Patches

FOLDER = Path(__file__).with_name("mutants")
EXPECT = "expect"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A bug of history: *always* says why it shows without faults too, if it does."""

    name: str
    about: str
    scenario: str
    patches: Patches
    expected: Mapping[str, str]
    always: str

    @property
    def incident(self) -> str:
        """The row of the catalogue: INC-NNN."""
        return incident_of(self.name)


def incident_of(name: str) -> str:
    """Return INC-NNN for ``inc_NNN_word`` and ``inc-NNN-words``, "" for any other name."""
    found = re.match(r"inc[-_](\d{3})", name)
    return f"INC-{found[1]}" if found else ""


def mutants() -> tuple[Mutant, ...]:
    """Return every mutant, by name."""
    return tuple(_mutant(path.stem) for path in sorted(FOLDER.glob("inc_*.py")))


def _mutant(name: str) -> Mutant:
    module = importlib.import_module(f"tests.incidents.mutants.{name}")
    return Mutant(
        name,
        " ".join((module.__doc__ or "").split("\n\n")[0].split()),
        module.SCENARIO,
        module.PATCHES,
        module.EXPECTED,
        getattr(module, "ALWAYS", ""),
    )


def scenarios() -> tuple[Scenario, ...]:
    """Return every scenario of an incident."""
    return discover(["incidents"], vocabulary=vocabulary())


def scenario_of(mutant: Mutant) -> Scenario:
    """Return the scenario, or the variant, in which *mutant* flies: what the core has to do."""
    (found,) = discover([mutant.scenario], vocabulary=vocabulary())
    return replace(found, expect=found.expect_for("core"), families={})


def healthy(scenario: Scenario) -> Scenario:
    """Return *scenario* without its faults: every job must then end well."""
    claims = Expectation(states=("finished", "closed"), violations=())
    return replace(scenario, faults=(), expect=claims, families={})


def said(verdict: Verdict, who: str) -> list[str]:
    """Return what *who* found in a flight: a checker, or the scenario's own expectations."""
    if who == EXPECT:
        return list(verdict.unmet)
    return [each.text for each in verdict.findings if each.checker == who]
