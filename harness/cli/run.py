"""``flightsim run``: fly scenarios and say what the pilot did wrong."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import Iterable

import click

from harness.cli._exit_codes import INTERRUPTED
from harness.cli._flying import flying
from harness.cli._flying import stopped_like_ctrl_c
from harness.cli._written import report_files
from harness.cli._written import write_reports

if TYPE_CHECKING:
    from harness.fleet import Order
    from harness.manner import Manner
    from harness.pilots import Installed
    from harness.pilots import PilotChoice
    from harness.scenario import Scenario

FLIGHTS_MAX = 1_000_000
STEP_SUMMARY = "GITHUB_STEP_SUMMARY"


def _seeds(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[int, ...]:
    from harness.seeds import seeds_of

    try:
        return seeds_of(value) if value else ()
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("run", short_help="Fly scenarios, tell what the pilot did wrong.")
@click.argument("scenarios", metavar="[SCENARIO]…", nargs=-1)
@click.option(
    "--pilot",
    "pilots",
    metavar="core[:in-process]|pypi:VERSION|PATH",
    multiple=True,
    default=("core",),
    show_default="core",
    help="The pilot to fly; give it again to fly several. core:in-process is the reference "
    "pilot without a process of its own: the same journal, sooner.",
)
@click.option("--pilot-python", metavar="EXE", help="The interpreter that runs the pilot.")
@flying(by_itself="1, of many flights one a processor")
@click.option(
    "--seeds",
    metavar="1-20",
    callback=_seeds,
    help="Seeds such as 7, 1-20 or 1-3,9, in place of each scenario's own.",
)
@click.option(
    "-k",
    "--select",
    "expression",
    metavar="EXPR",
    default="",
    help="Only scenarios whose name contains, or whose tags include, these words "
    "(with and, or, not, parentheses).",
)
@report_files
@click.option(
    "--schedule",
    metavar="fifo|random|pct",
    default="fifo",
    show_default=True,
    help="Which thread of a pilot goes on when several can: the first, any, or by priorities "
    "(pct:depth=3,steps=10000). Drawn from the seed.",
)
@click.option(
    "--preempt",
    is_flag=True,
    help="Switch threads inside bytecode, too (Python 3.12 and newer; see --pilot-python).",
)
@click.option(
    "--coverage", "covers", is_flag=True, help="Measure which lines of the pilot are reached."
)
@click.option("--json", "as_json", is_flag=True, help="Print one verdict a line, as JSON.")
def command(
    scenarios: tuple[str, ...],
    pilots: tuple[str, ...],
    pilot_python: str | None,
    processes: int | None,
    seeds: tuple[int, ...],
    expression: str,
    runs: Path,
    junit: Path | None,
    html: Path | None,
    schedule: str,
    preempt: bool,
    covers: bool,
    as_json: bool,
) -> int:
    """Fly each SCENARIO (a file, a folder, or the name of a bundled one; all bundled if none).

    One line a flight, then for each failure what was violated, when, and how to repeat it.
    """
    manner = _manner(schedule, preempt, covers, pilot_python)
    orders = _orders(scenarios, pilots, pilot_python, seeds, expression, runs, manner)
    started = time.monotonic()
    with stopped_like_ctrl_c():
        verdicts, interrupted = _flown(orders, processes, as_json)
    _conclude(verdicts, len(orders), time.monotonic() - started, as_json)
    if covers:
        from harness.cli._covered import print_coverage

        print_coverage(verdicts, runs, sys.stderr if as_json else sys.stdout)
    write_reports(verdicts, junit=junit, html=html)
    return INTERRUPTED if interrupted else _code(verdicts)


def _manner(schedule: str, preempt: bool, covers: bool, python: str | None) -> Manner:
    from harness.interpreters import ask
    from harness.manner import Manner
    from harness.schedules import PREEMPT_FROM
    from harness.schedules import parse_schedule
    from simkernel import ScenarioError

    wanted = parse_schedule(schedule, preempt=preempt)
    interpreter = ask(python or sys.executable)
    if wanted.preempt and interpreter.version < PREEMPT_FROM:
        what = f"Python {interpreter.minor} cannot switch inside bytecode"
        raise ScenarioError(what, remedy="add --pilot-python with a Python from 3.12 on")
    return Manner(schedule=wanted, coverage=covers)


def _code(verdicts: list[dict[str, Any]]) -> int:
    from harness.verdict import EXIT_CODES
    from harness.verdict import combine

    return combine(EXIT_CODES[each["state"]] for each in verdicts)


def _orders(
    names: tuple[str, ...],
    pilots: tuple[str, ...],
    python: str | None,
    seeds: tuple[int, ...],
    expression: str,
    runs: Path,
    manner: Manner,
) -> list[Order]:
    from harness.fleet import Order
    from harness.pilots import applies
    from harness.pilots import install
    from harness.pilots import parse_choices

    scenarios = _chosen(names, expression)
    choices = dict.fromkeys(each for text in pilots for each in parse_choices(text))
    # A pilot that cannot be had is a matter of usage, and told at once.
    pilots_had = {choice: install(choice) for choice in choices}
    orders = [
        Order(scenario, choice, seed, runs, python, manner)
        for scenario in scenarios
        for choice in choices
        if applies(pilots_had[choice], scenario.experiments)
        for seed in seeds or (scenario.seed,)
    ]
    _tell_left_out(scenarios, pilots_had, is_all=not orders)
    if len(orders) > FLIGHTS_MAX:
        raise click.UsageError(f"{len(orders)} flights are more than {FLIGHTS_MAX}")
    return orders


def _tell_left_out(
    scenarios: list[Scenario], pilots: dict[PilotChoice, Installed], *, is_all: bool
) -> None:
    """Say which experiments a pilot has no plug-in for; raise ScenarioError if none is left."""
    from harness.pilots import applies
    from simkernel import ScenarioError

    wanted = sorted({each for scenario in scenarios for each in scenario.experiments})
    for choice, installed in pilots.items():
        missing = [each for each in wanted if not applies(installed, [each])]
        if missing and not is_all:
            text = f"left out: {choice.label} has no plug-in for {', '.join(missing)}"
            click.echo(text, err=True)
        elif missing:
            what = f"{choice.label} has no plug-in for {', '.join(missing)}"
            raise ScenarioError(what, remedy="choose other scenarios, or another pilot")


def _chosen(names: tuple[str, ...], expression: str) -> list[Scenario]:
    from harness.discover import discover
    from harness.known import vocabulary
    from harness.selection import selects
    from simkernel import ScenarioError

    test = selects(expression)
    scenarios = discover(names, vocabulary=vocabulary())
    chosen = [each for each in scenarios if test(each.name, each.tags)]
    if not chosen:
        remedy = "flightsim list scenarios shows what there is"
        raise ScenarioError(f"-k {expression!r} selects no scenario", remedy=remedy)
    return chosen


def _flown(
    orders: list[Order], processes: int | None, as_json: bool
) -> tuple[list[dict[str, Any]], bool]:
    """Fly all *orders*, print each as it is over; return them, and whether that was cut short."""
    from harness.cli._talk import Talk
    from harness.fleet import fleet
    from harness.fleet import workers_for

    talk = Talk(orders, as_json=as_json)
    verdicts: list[dict[str, Any]] = []
    workers = processes or workers_for(orders)
    with fleet(orders, workers=workers, progress=talk.progress) as flights:
        try:
            _print_each(flights.verdicts(), verdicts, talk)
        except KeyboardInterrupt:
            _print_each(flights.finished(), verdicts, talk)
            talk.clear()
            click.echo("interrupted", err=True)
            return verdicts, True
    return verdicts, False


def _print_each(source: Iterable[dict[str, Any]], kept: list[dict[str, Any]], talk: Any) -> None:
    for verdict in source:
        kept.append(verdict)
        talk.result(verdict)


def _conclude(
    verdicts: list[dict[str, Any]], planned: int, elapsed_s: float, as_json: bool
) -> None:
    """Print the failures and the totals; as JSON went to standard output, they go to the other."""
    from reports.failure import epoch_of
    from reports.failure import failure_block
    from reports.stacks import stacks_of
    from reports.summary import markdown
    from reports.summary import totals
    from reports.terminal import wants_colours

    stream = sys.stderr if as_json else sys.stdout
    colours = wants_colours(stream, os.environ)
    for verdict in verdicts:
        if verdict["state"] != "pass":
            block = failure_block(verdict, epoch=epoch_of(verdict), colours=colours)
            stacks = (f"  {line}" for line in stacks_of(verdict))
            print(f"\n{block}", *stacks, sep="\n", file=stream)
    print(f"\n{totals(verdicts, elapsed_s=elapsed_s, planned=planned)}", file=stream)
    page = os.environ.get(STEP_SUMMARY)
    if page:
        with open(page, "a", encoding="utf-8", errors="replace") as file:
            file.write(markdown(verdicts))
