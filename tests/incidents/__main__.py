"""``python -m tests.incidents``: fly every incident, and write docs/verdicts/incidents.md.

python -m tests.incidents --pilot 3.7.0.36=pypi:3.7.0.36 --pilot 3.11.5.1=CHECKOUT
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import Iterator

import click

from harness.fleet import Order
from harness.fleet import fleet
from harness.pilots import parse_choice
from harness.scenario import Scenario
from tests.flights.mutants import Patches
from tests.flights.mutants import plant
from tests.incidents.kept import Kept
from tests.incidents.kept import Verdict
from tests.incidents.mutant import mutants
from tests.incidents.mutant import scenario_of
from tests.incidents.mutant import scenarios
from tests.incidents.table import Row
from tests.incidents.table import page

PAGE = Path(__file__).resolve().parents[2] / "docs/verdicts/incidents.md"
FOLDER = click.Path(file_okay=False, path_type=Path)


@dataclass(frozen=True, eq=False)
class Flown:
    """A flight to be made: *who* is a pilot's name or a mutant's, *choice* is empty for those."""

    scenario: Scenario
    who: str
    choice: str = ""
    patches: Patches | None = None


@click.command()
@click.option("--pilot", "pilots", multiple=True, metavar="NAME=PILOT", help="Real pilots.")
@click.option("-n", "--processes", default=1, show_default=True, help="Flights at once.")
@click.option("--kept", "folder", type=FOLDER, help="Take verdicts from here, and keep them.")
@click.option("--only-kept", is_flag=True, help="Fly nothing.")
@click.option("-o", "--output", default=PAGE, type=click.Path(path_type=Path), help="The page.")
def main(
    pilots: tuple[str, ...], processes: int, folder: Path | None, only_kept: bool, output: Path
) -> None:
    """Fly the core, the mutants and real pilots through the incidents, and write a table."""
    named = [("core", "core"), *(_named(each) for each in pilots)]
    flights, kept = [*_pilots(named), *_mutants()], Kept(folder)
    known = {each: kept.find(each.scenario, each.who, each.patches) for each in flights}
    open_ones = [] if only_kept else [each for each, verdict in known.items() if verdict is None]
    for each, verdict in _fly(open_ones, processes):
        kept.keep(each.scenario, each.who, each.patches, verdict)
        known[each] = verdict
    rows = [Row(each.scenario.name, each.who, it) for each, it in known.items() if it is not None]
    output.write_text(page(rows, mutants(), names=[name for name, _ in named]), encoding="utf-8")
    click.echo(f"{output}: {len(rows)} of {len(flights)} flights")


def _named(text: str) -> tuple[str, str]:
    name, mark, choice = text.partition("=")
    return (name, choice) if mark else (text, text)


def _pilots(named: list[tuple[str, str]]) -> Iterator[Flown]:
    """Yield the flights of whole pilots: none is forgiven anything."""
    for scenario in scenarios():
        for name, choice in named:
            own = scenario.expect_for("core") if name == "core" else scenario.expect
            yield Flown(replace(scenario, expect=own, families={}), name, choice)


def _mutants() -> Iterator[Flown]:
    for mutant in mutants():
        yield Flown(scenario_of(mutant), mutant.name, patches=mutant.patches)


def _fly(flights: list[Flown], processes: int) -> Iterator[tuple[Flown, Verdict]]:
    if not flights:
        return
    with tempfile.TemporaryDirectory() as folder:
        orders = [_order(each, Path(folder)) for each in flights]
        with fleet(orders, workers=processes) as flying:
            for each, verdict in zip(flights, flying.verdicts(), strict=True):
                click.echo(f"{each.scenario.name} {each.who} {verdict['state']}", err=True)
                yield each, verdict


def _order(flown: Flown, folder: Path) -> Order:
    source = flown.choice or str(plant(folder / flown.who, flown.patches or {}))
    return Order(flown.scenario, parse_choice(source), flown.scenario.seed, folder / "runs")


if __name__ == "__main__":
    main()
