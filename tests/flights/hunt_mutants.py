"""Every mutant of the incidents, hunted: ``python -m tests.flights.hunt_mutants [-n 2]``.

The property that the core keeps, in scenarios that hypothesis draws, is flown with each bug of
history planted again. It has to be found, where the core itself has nothing to be blamed for, and
shrunk to a scenario of few faults. A mutant is
hunted where somebody would look who knows in which part of the pilot the bug is (``theme_of``);
one that needs several things at the same moment, near a known scenario (``NEAR``).

Results are kept (``--kept``) by what was planted, where it was hunted, and the code of the core.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Iterator
from typing import Mapping

import click

from harness.flight import fly
from harness.known import vocabulary
from harness.pilots import HOST_LABEL
from harness.pilots import parse_choice
from harness.scenario_text import parse_scenarios
from tests.flights.hunt_page import PAGE
from tests.flights.hunt_page import page
from tests.flights.mutants import plant
from tests.incidents.mutant import Mutant
from tests.incidents.mutant import mutants

EXAMPLES = 150
SHRINK_FLIGHTS = 40
SEED = 20_261_120
BLOCKS = "blocks.jsonl"
FAULTS_MAX = 3
# So many kinds of complaint that the core deserves too, and the hunt is given up.
BLAMELESS_MAX = 4
# Files vanish from what a guest lists, and from nothing that is listed inside the host.
AS_GUESTS = ("inc_033", "inc_037")
ROOT = Path(__file__).resolve().parents[2]
THEMES: Mapping[str, tuple[int, ...]] = {
    "server": (3, 5, 7, 11, 13, 49, 57, 59, 75),
    "network": (61, 65),
    "transfers": (9, 43, 51, 77, 79, 81, 83, 85, 87, 109),
    "payloads": (19, 35, 63, 91, 101, 103),
    "watchdogs": (23, 25, 27, 29, 31, 33, 37, 45, 53, 55),
    "queues": (15, 21, 67, 93),
    "work": (39, 47, 73, 89, 105),
    "nodes": (95, 99, 107),
    "credentials": (69, 71),
    "batch": (17, 41, 97),
}
# An answer that comes while the payload fails, and then forty minutes for the log.
NEAR: Mapping[str, tuple[str, ...]] = {"inc_001": ("inc-001-failure-during-heartbeat",)}


@dataclass(frozen=True, slots=True, eq=False)
class Quarry:
    """A mutant, and where it is hunted: in a *theme*, or *near* known scenarios."""

    mutant: Mutant
    theme: str
    near: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Where it is hunted, in words."""
        return f"around {', '.join(self.near)}" if self.near else self.theme


def theme_of(mutant: Mutant) -> str:
    """Return the theme in which *mutant* is hunted; "" if there is none for it."""
    number = int(mutant.incident.removeprefix("INC-"))
    return next((theme for theme, numbers in THEMES.items() if number in numbers), "")


def quarries() -> tuple[Quarry, ...]:
    """Return every mutant that a pilot can have; those of the wrapper are not flown as pilots."""
    found = (Quarry(each, theme_of(each), NEAR.get(each.name, ())) for each in mutants())
    return tuple(each for each in found if each.theme or each.near)


def hunted(quarry: Quarry, *, examples: int = EXAMPLES, seed: int = SEED) -> dict[str, Any]:
    """Hunt one mutant, inside of a process that has it in the place of the core.

    What the core, flown as a guest, does not do right either is no finding: the hunt goes on, and
    the scenario is in ``cores``.
    """
    known: set[str] = set()
    cores: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        plant(Path(folder), quarry.mutant.patches)
        for _ in range(BLAMELESS_MAX):
            haul = _hunted_inside(quarry, Path(folder), examples, seed, known)
            if haul["catch"] is None or _is_right(haul["catch"]["toml"]):
                return {**haul, "cores": cores}
            known |= set(haul["catch"]["kinds"])
            cores.append(haul["catch"]["toml"])
            click.echo(f"the core too:\n{cores[-1]}", err=True)
    return {**haul, "catch": None, "cores": cores}


def _hunted_inside(
    quarry: Quarry, folder: Path, examples: int, seed: int, known: set[str]
) -> dict[str, Any]:
    block = {
        "seed": seed,
        "examples": examples,
        "known": sorted(known),
        "shrink_flights": SHRINK_FLIGHTS,
    }
    label = "core" if quarry.mutant.name in AS_GUESTS else HOST_LABEL
    asked = {"block": block, "theme": quarry.theme, "near": quarry.near, "label": label}
    # Not from where we stand: the core that lies there is the healthy one.
    command = [sys.executable, "-P", "-m", "tests.flights.hunt_inside", json.dumps(asked)]
    env = {
        **os.environ,
        "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"{quarry.mutant.name}: {ran.stderr[-2000:]}")
    haul: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return haul


def _is_right(toml: str) -> bool:
    """Tell whether the core does what the scenario *toml* claims."""
    reading = parse_scenarios(toml, vocabulary=vocabulary(), where="caught", source="")
    (scenario,) = reading.scenarios
    core = parse_choice("core")
    with tempfile.TemporaryDirectory() as folder:
        verdict = fly(scenario, core, seed=scenario.seed, runs=Path(folder))
    return verdict.state == "pass"


class Results:
    """What was found, in *folder*; without one nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def find(self, quarry: Quarry) -> dict[str, Any] | None:
        """Return what is kept of just this hunt."""
        path = self._path(quarry)
        if path is None or not path.is_file():
            return None
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return kept["haul"] if kept["of"] == digest(quarry) else None

    def keep(self, quarry: Quarry, haul: dict[str, Any]) -> None:
        """Keep what came of a hunt."""
        path = self._path(quarry)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"of": digest(quarry), "haul": haul}, indent=2)
            path.write_text(text, encoding="utf-8")

    def _path(self, quarry: Quarry) -> Path | None:
        return None if self._folder is None else self._folder / f"{quarry.mutant.name}.json"


def digest(quarry: Quarry) -> str:
    """Return what tells this hunt from any other; the simulator itself is not looked at."""
    what = (quarry.mutant.patches, quarry.where, EXAMPLES, SHRINK_FLIGHTS, SEED)
    return hashlib.sha256(repr(what).encode()).hexdigest()


@click.command()
@click.argument("names", nargs=-1)
@click.option("-n", "--processes", default=1, show_default=True, help="Hunts at once.")
@click.option("--kept", "folder", type=click.Path(path_type=Path), help="Keep results here.")
@click.option("--only-kept", is_flag=True, help="Hunt nothing.")
@click.option(
    "--core", "core", type=click.Path(path_type=Path), help="The folder of a hunt for the core."
)
@click.option("-o", "--output", default=PAGE, type=click.Path(path_type=Path), help="The page.")
def main(
    names: tuple[str, ...],
    processes: int,
    folder: Path | None,
    only_kept: bool,
    core: Path | None,
    output: Path,
) -> None:
    """Hunt the mutants called NAMES (all if none is named), and write a table."""
    results, known = Results(folder), {}
    for quarry in quarries():
        known[quarry] = results.find(quarry)
    todo = [each for each, haul in known.items() if haul is None and not only_kept]
    todo = [each for each in todo if not names or each.mutant.name in names]
    for quarry, haul in _hunt_all(todo, processes):
        results.keep(quarry, haul)
        known[quarry] = haul
        click.echo(f"{quarry.mutant.name} {_words(haul)}", err=True)
    rows = [(each.mutant.name, each.where, haul) for each, haul in known.items() if haul]
    text = page(rows, missing=len(known) - len(rows), core=_flown(core))
    output.write_text(text, encoding="utf-8")
    click.echo(f"{output}: {len(rows)} of {len(known)} mutants")


def _flown(folder: Path | None) -> tuple[int, int]:
    """Return how many scenarios ``flightsim hunt`` flew with the core, and what it found."""
    if folder is None:
        return 0, 0
    lines = (folder / BLOCKS).read_text(encoding="utf-8").splitlines()
    hauls = {row["haul"]["seed"]: row["haul"] for row in map(json.loads, lines)}.values()
    return sum(each["examples"] for each in hauls), sum(each["catch"] is not None for each in hauls)


def _words(haul: Mapping[str, Any]) -> str:
    catch = haul["catch"]
    if catch is None:
        return f"not found in {haul['examples']}"
    return f"found in the {catch['example']}., shrunk to {catch['faults']} faults"


def _hunt_all(todo: list[Quarry], processes: int) -> Iterator[tuple[Quarry, dict[str, Any]]]:
    # Each hunt is a process of its own; the threads only wait for them, and fly the core.
    with ThreadPoolExecutor(processes) as pool:
        running = {pool.submit(hunted, each): each for each in todo}
        for future in as_completed(running):
            yield running[future], future.result()


if __name__ == "__main__":
    main()
