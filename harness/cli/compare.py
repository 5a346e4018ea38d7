"""``flightsim compare``: what pilots do differently in the same scenarios, and whose fault."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import Iterator

import click

from harness.cli._flying import flying

if TYPE_CHECKING:
    from harness.comparison import Difference
    from harness.comparison import Profile
    from harness.fleet import Order

FIRST = "core"


@click.command("compare", short_help="Fly pilots beside each other and tell how they differ.")
@click.argument("scenarios", metavar="[SCENARIO]…", nargs=-1)
@click.option(
    "--pilot",
    "pilots",
    metavar="core|pypi:VERSION|PATH",
    multiple=True,
    required=True,
    help="A pilot to lay beside the first; give it again for more.",
)
@click.option("--first", metavar="PILOT", default=FIRST, show_default=True, help="The yardstick.")
@click.option(
    "--explained",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file that says of differences why, and whose.",
)
@flying()
@click.option(
    "--kept", is_flag=True, help="Fly only what does not lie in the run directories already."
)
@click.option(
    "--markdown",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the comparison to this file, as a page.",
)
def command(
    scenarios: tuple[str, ...],
    pilots: tuple[str, ...],
    first: str,
    explained: Path | None,
    processes: int,
    runs: Path,
    kept: bool,
    markdown: Path | None,
) -> int:
    """Fly each SCENARIO (all if none) with each pilot and compare: verdict, states, errors, exit
    codes, the order of phases, requests, times.

    Ends with 1 if there is a difference that the file of explanations does not explain.
    """
    from harness.comparison import ASPECTS
    from harness.comparison import differences
    from harness.comparison import read_explanations
    from harness.pilots import parse_choice
    from reports.comparison import comparison_markdown
    from reports.comparison import comparison_text
    from reports.comparison import unexplained

    why = read_explanations(explained) if explained else []
    profiles = _profiles(_orders(scenarios, (first, *pilots), runs), processes, kept=kept)
    label = parse_choice(first).label
    flown: dict[tuple[str, str], list[Difference]] = {
        key: differences(profiles[(key[0], label)], profile, why)
        for key, profile in profiles.items()
        if key[1] != label
    }
    click.echo(comparison_text(flown, first=label))
    if markdown is not None:
        from reports.files import write_whole

        again = _again(scenarios, pilots, first, explained)
        page = comparison_markdown(flown, first=label, aspects=ASPECTS, command=again)
        write_whole(markdown, page)
    return 1 if unexplained(flown) else 0


def _orders(names: tuple[str, ...], pilots: tuple[str, ...], runs: Path) -> list[Order]:
    from harness.discover import discover
    from harness.fleet import Order
    from harness.known import vocabulary
    from harness.pilots import applies
    from harness.pilots import install
    from harness.pilots import parse_choice

    choices = [parse_choice(text) for text in dict.fromkeys(pilots)]
    found = discover(names, vocabulary=vocabulary())
    # Only what all of them can fly is there to be compared.
    common = [
        scenario
        for scenario in found
        if all(applies(install(choice), scenario.experiments) for choice in choices)
    ]
    return [
        Order(scenario, choice, scenario.seed, runs) for scenario in common for choice in choices
    ]


def _profiles(orders: list[Order], processes: int, *, kept: bool) -> dict[tuple[str, str], Profile]:
    from harness.comparison import profile_of
    from harness.flight import JOURNAL
    from harness.record import Flight
    from simkernel import HarnessError

    profiles = {}
    for order, verdict in zip(orders, _verdicts(orders, processes, kept=kept), strict=True):
        name, label = order.scenario.name, order.pilot.label
        if not verdict.get("run_dir"):
            raise HarnessError(f"{name} with {label} broke: {' '.join(verdict['notes'])}")
        flight = Flight.read(Path(verdict["run_dir"]) / JOURNAL)
        profiles[(name, label)] = profile_of(
            flight, scenario=name, pilot=label, verdict=verdict["state"]
        )
    return profiles


def _verdicts(orders: list[Order], processes: int, *, kept: bool) -> Iterator[dict[str, Any]]:
    """Yield the verdict on each of *orders*, of those that are *kept* without a flight."""
    from harness.cli._talk import Talk
    from harness.fleet import fleet
    from harness.kept_flights import kept_verdict

    there = [kept_verdict(order) if kept else None for order in orders]
    todo = [order for order, verdict in zip(orders, there, strict=True) if verdict is None]
    talk = Talk(todo, as_json=True)
    with fleet(todo, workers=processes, progress=talk.progress) as flights:
        fresh = flights.verdicts()
        for verdict in there:
            talk.clear()
            yield verdict if verdict is not None else next(fresh)


def _again(
    scenarios: tuple[str, ...], pilots: tuple[str, ...], first: str, explained: Path | None
) -> str:
    # A checkout is said without its place: that is nobody else's.
    said = [each if each.startswith("pypi:") or each == FIRST else "PATH" for each in pilots]
    words = [word for pilot in said for word in ("--pilot", pilot)]
    beside = [] if first == FIRST else ["--first", first]
    why = ["--explained", explained.name] if explained else []
    return shlex.join(["flightsim", "compare", *scenarios, *words, *beside, *why])
