"""``python -m tests.incidents``: fly every incident, and write docs/verdicts/incidents.md.

python -m tests.incidents --pilot 3.7.0.36=pypi:3.7.0.36 --pilot 3.11.5.1=CHECKOUT
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Iterator

import click

from harness.fleet import Order
from harness.fleet import VerdictDict
from harness.fleet import fleet
from harness.pilots import parse_choice
from tests.flights.mutants import plant
from tests.incidents.mutant import mutants
from tests.incidents.mutant import scenario_of
from tests.incidents.mutant import scenarios
from tests.incidents.table import Row
from tests.incidents.table import page

PAGE = Path(__file__).resolve().parents[2] / "docs/verdicts/incidents.md"


@click.command()
@click.option("--pilot", "pilots", multiple=True, metavar="NAME=PILOT", help="Real pilots.")
@click.option("-n", "--processes", default=1, show_default=True, help="Flights at once.")
@click.option("-o", "--output", default=PAGE, type=click.Path(path_type=Path), help="The page.")
def main(pilots: tuple[str, ...], processes: int, output: Path) -> None:
    """Fly the core, the mutants and real pilots through the incidents, and write a table."""
    named = [("core", "core"), *(_named(each) for each in pilots)]
    with tempfile.TemporaryDirectory() as folder:
        flights = list(_orders(named, Path(folder)))
        with fleet([order for _, _, order in flights], workers=processes) as flying:
            verdicts = list(_told(flying.verdicts(), len(flights)))
    rows = [
        Row(scenario, who, verdict)
        for (scenario, who, _), verdict in zip(flights, verdicts, strict=True)
    ]
    output.write_text(page(rows, mutants(), names=[name for name, _ in named]), encoding="utf-8")
    click.echo(f"{output}: {len(flights)} flights")


def _named(text: str) -> tuple[str, str]:
    name, mark, choice = text.partition("=")
    return (name, choice) if mark else (text, text)


def _orders(named: list[tuple[str, str]], folder: Path) -> Iterator[tuple[str, str, Order]]:
    """Yield scenario, who flies it, and the flight; no pilot is forgiven anything."""
    runs = folder / "runs"
    for scenario in scenarios():
        strict = replace(scenario, expect=scenario.expect_for("core"), families={})
        for name, choice in named:
            yield scenario.name, name, Order(strict, parse_choice(choice), scenario.seed, runs)
    for mutant in mutants():
        flown = scenario_of(mutant)
        pilot = parse_choice(str(plant(folder / mutant.name, mutant.patches)))
        yield flown.name, mutant.name, Order(flown, pilot, flown.seed, runs)


def _told(verdicts: Iterator[VerdictDict], count: int) -> Iterator[VerdictDict]:
    for number, verdict in enumerate(verdicts, 1):
        what = f"{verdict['scenario']} {verdict['pilot']} {verdict['state']}"
        click.echo(f"{number}/{count} {what}", err=True)
        yield verdict


if __name__ == "__main__":
    main()
