"""``flightsim releases``: which releases of the pilot fly, and where in its code one fails."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from harness.cli._flying import flying

if TYPE_CHECKING:
    from harness.fleet import Order
    from harness.pilots import PilotChoice

RANGE = "pypi:>=3"
SCENARIO = "first-job"


@click.command("releases", short_help="Fly many releases of the pilot, as a table.")
@click.argument("scenarios", metavar="[SCENARIO]…", nargs=-1)
@click.option(
    "--pilot",
    "pilots",
    metavar="pypi:RANGE|PATH",
    multiple=True,
    default=(RANGE,),
    show_default=RANGE,
    help="Releases, such as pypi:>=3.0, pypi:3.5.* or pypi:3.7.0.36, or a checkout; give it again "
    "for more.",
)
@flying()
@click.option(
    "--markdown",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the table to this file, as a page.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one verdict a line, as JSON.")
def command(
    scenarios: tuple[str, ...],
    pilots: tuple[str, ...],
    processes: int,
    runs: Path,
    markdown: Path | None,
    as_json: bool,
) -> int:
    """Fly each SCENARIO (first-job if none) with each release, and print a table of verdicts.

    A release flies in this program's interpreter, or, if it is too old for that, in the newest
    one of this machine that it can run in. Of each failure the place in the pilot's own code is
    told, where its traceback names one.
    """
    from harness.verdict import EXIT_CODES
    from harness.verdict import combine

    orders = _orders(scenarios or (SCENARIO,), pilots, runs)
    verdicts = _flown(orders, processes, as_json=as_json)
    if not as_json:
        from reports.releases import release_table

        click.echo(release_table(verdicts))
    if markdown is not None:
        from reports.files import write_whole
        from reports.releases import release_markdown

        write_whole(markdown, release_markdown(verdicts, command=_again(scenarios, pilots)))
    return combine(EXIT_CODES[each["state"]] for each in verdicts)


def _orders(names: tuple[str, ...], pilots: tuple[str, ...], runs: Path) -> list[Order]:
    from harness.discover import discover
    from harness.fleet import Order
    from harness.known import vocabulary
    from harness.pilots import applies
    from harness.pilots import install
    from harness.pilots import parse_choices

    scenarios = discover(names, vocabulary=vocabulary())
    choices = dict.fromkeys(each for text in pilots for each in parse_choices(text))
    orders = []
    for choice in choices:
        installed, python = install(choice), _python_for(choice)
        for scenario in scenarios:
            if applies(installed, scenario.experiments):
                orders.append(Order(scenario, choice, scenario.seed, runs, python))
    return orders


def _python_for(choice: PilotChoice) -> str | None:
    """Return the interpreter that *choice* has to fly in, None for this program's own.

    Raises ScenarioError if this machine has none that is old enough.
    """
    from harness import interpreters
    from harness.pilots.choice import newest_python
    from simkernel import ScenarioError

    newest = newest_python(choice)
    if newest is None or interpreters.host().version[:2] <= newest:
        return None
    found = [each.found for each in interpreters.look() if each.found is not None]
    suitable = [each for each in found if each.version[:2] <= newest]
    if not suitable:
        version = ".".join(map(str, newest))
        what = f"{choice.label} needs Python {version} or older, and there is none"
        remedy = f"name one in {interpreters.PYTHONS_VARIABLE}"
        raise ScenarioError(what, remedy=remedy)
    return max(suitable, key=lambda each: each.version).path


def _flown(orders: list[Order], processes: int, *, as_json: bool) -> list[dict[str, Any]]:
    from harness.cli._talk import Talk
    from harness.fleet import fleet

    talk = Talk(orders, as_json=True)
    verdicts: list[dict[str, Any]] = []
    with fleet(orders, workers=processes, progress=talk.progress) as flights:
        for order, verdict in zip(orders, flights.verdicts(), strict=True):
            talk.clear()
            verdicts.append(_with_blame(order, verdict))
            if as_json:
                click.echo(json.dumps(verdicts[-1], ensure_ascii=False))
    return verdicts


def _with_blame(order: Order, verdict: dict[str, Any]) -> dict[str, Any]:
    """Return *verdict* with the interpreter, and where the pilot broke down if it did."""
    from harness import interpreters
    from harness.blame import blame_of

    python = order.python or interpreters.host().path
    told = {
        **verdict,
        "python": interpreters.ask(python).minor,
        "release": _release_of(order.pilot),
    }
    if verdict["state"] in ("pass", "broken") or not verdict.get("run_dir"):
        return told
    blame = blame_of(Path(verdict["run_dir"]) / "pilot-1.out")
    if blame is None:
        return told
    return {**told, "blame": {"text": blame.text, "code": blame.code}}


def _release_of(choice: PilotChoice) -> str:
    """Return the version of a pilot, and whether it was a checkout."""
    from harness.pilots import install

    version = install(choice).version
    return version if choice.kind == "pypi" else f"{version} (checkout)"


def _again(scenarios: tuple[str, ...], pilots: tuple[str, ...]) -> str:
    # A checkout is said without its place: that is nobody else's.
    said = [each if each.startswith("pypi:") else "PATH" for each in pilots]
    words = [word for pilot in said for word in ("--pilot", pilot)]
    return shlex.join(["flightsim", "releases", *scenarios, *words])
