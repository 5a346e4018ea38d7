"""``flightsim hunt``: draw scenarios until one breaks the pilot, and make it small."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from harness.cli._exit_codes import FAIL
from harness.cli._exit_codes import INTERRUPTED
from harness.cli._exit_codes import PASS
from harness.cli._flying import flying

if TYPE_CHECKING:
    from harness.hunt import Haul
    from harness.hunt import Hunt

EXAMPLES = 300
SHRINK = 150
HUNTS = "hunt"


@click.command("hunt", short_help="Draw scenarios until one breaks the pilot.")
@click.option(
    "--pilot",
    metavar="core[:in-process]|pypi:VERSION|PATH",
    default="core",
    show_default=True,
    help="The pilot to hunt.",
)
@click.option(
    "--examples",
    type=click.IntRange(min=1),
    default=EXAMPLES,
    show_default=True,
    help="How many scenarios to draw.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of chance.")
@click.option(
    "--theme",
    "themes",
    multiple=True,
    help="Only troubles of this theme; give it again for more. See docs/how-to/hunt.md.",
)
@click.option(
    "--around",
    metavar="SCENARIO",
    multiple=True,
    help="Change one to three things of a known scenario; give it again for more.",
)
@click.option(
    "--towards",
    type=click.Choice(["silence", "requests", "length"]),
    default=None,
    help="Prefer what makes this grow: the longest silence about a job, requests, time.",
)
@click.option(
    "--shrink",
    type=click.IntRange(min=0),
    default=SHRINK,
    show_default=True,
    help="How many more flights the shrinking of one violation may cost.",
)
@flying()
@click.option("--json", "as_json", is_flag=True, help="Print one violation a line, as JSON.")
def command(
    pilot: str,
    examples: int,
    seed: int,
    themes: tuple[str, ...],
    around: tuple[str, ...],
    towards: str | None,
    shrink: int,
    processes: int,
    runs: Path,
    as_json: bool,
) -> int:
    """Draw worlds, jobs, pilots and faults, fly them, and shrink what breaks a rule.

    Each violation becomes a scenario under RUNS/hunt. The same hunt again goes on where it was
    stopped. Ends with 1 if there is a violation.
    """
    from harness.hunt import Hunt
    from harness.hunt import stopped_by_signals
    from harness.pilots import parse_choice
    from harness.rundir import file_name
    from simkernel import ScenarioError
    from simkernel import nearest

    _check_themes(themes, ScenarioError, nearest)
    choice = parse_choice(pilot)
    folder = runs / HUNTS / file_name(f"{choice.label}-{seed}")
    hunt = Hunt(
        choice, folder, examples, seed, themes, around, towards or "", shrink_flights=shrink
    )
    told = _Told(hunt, runs, as_json=as_json)
    try:
        with stopped_by_signals():
            for haul in hunt.hauls(workers=processes):
                told.haul(haul)
    except KeyboardInterrupt:
        told.total()
        click.echo("interrupted; the same line goes on", err=True)
        return INTERRUPTED
    told.total()
    return FAIL if told.caught else PASS


def _check_themes(themes: tuple[str, ...], error: Any, nearest: Any) -> None:
    from scenarios.troubles import THEMES

    for theme in themes:
        if theme not in THEMES:
            close = nearest(theme, THEMES) or list(THEMES)
            raise error(f"unknown theme {theme!r}", remedy=f"did you mean {' or '.join(close)}?")


@dataclass
class _Told:
    """Prints what is found as it comes, and how far the hunt is in between."""

    hunt: Hunt
    runs: Path
    as_json: bool
    caught: int = 0
    flown: int = 0
    shrinking: int = 0
    known: int = 0
    states: Counter[str] = field(default_factory=Counter)

    def haul(self, haul: Haul) -> None:
        self.flown += haul.examples
        self.known += haul.known
        self.states.update(haul.states)
        if haul.catch is not None:
            self.caught += 1
            self.shrinking += haul.catch.flights
            self._clear()
            self._print(haul)
        self._show()

    def total(self) -> None:
        """Print what there was."""
        self._clear()
        ended = ", ".join(f"{count} {state}" for state, count in self.states.most_common())
        again = f" (and {self.known} flights that showed one of them again)" if self.known else ""
        click.echo(
            f"{self.flown} scenarios flown, {self.shrinking} more to shrink: "
            f"{self.caught} violations{again}; jobs: {ended or 'none'}",
            err=self.as_json,
        )

    def _print(self, haul: Haul) -> None:
        from harness.fleet import Order
        from harness.fleet import fly_one
        from harness.hunt._trial import SEED

        assert haul.catch is not None
        path = self.hunt.path_of(haul)
        (scenario,) = _read(path)
        verdict = fly_one(Order(scenario, self.hunt.pilot, SEED, self.runs))
        if self.as_json:
            found = {"path": str(path), "example": haul.catch.example, "verdict": verdict}
            click.echo(json.dumps({**found, "faults": haul.catch.faults}, ensure_ascii=False))
            return
        click.echo(f"{path}: found in the {haul.catch.example}. flight of its block,")
        click.echo(f"  shrunk to {haul.catch.faults} faults in {haul.catch.flights} flights")
        for text in haul.catch.complaints:
            click.echo(f"  {text}")
        click.echo(f"  verdict   {verdict['state']}\n  repeat    {verdict['rerun']}")

    def _show(self) -> None:
        if sys.stderr.isatty():
            width = shutil.get_terminal_size().columns - 1
            text = f"[{self.flown}/{self.hunt.examples}] {self.caught} violations"
            click.echo(f"\r\x1b[K{text[:width]}", nl=False, err=True)

    def _clear(self) -> None:
        if sys.stderr.isatty():
            click.echo("\r\x1b[K", nl=False, err=True)


def _read(path: Path) -> Any:
    from harness.discover import discover
    from harness.known import vocabulary

    return discover([str(path)], vocabulary=vocabulary())
