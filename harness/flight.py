"""One flight: a scenario, a pilot and a seed become a journal and a verdict.

    verdict = fly(scenario, parse_choice("core"), seed=1, runs=Path("runs"))
    result = replay(Path("runs/latest"))

The run directory holds events.jsonl (the truth), verdict.json, flight.json (what to fly again),
each pilot's own output (pilot-1.out) and the files that it left (nodes/).
"""

from __future__ import annotations

import gc
import hashlib
import json
import sys
import time
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Iterator

from harness import guests
from harness.conductor import Conductor
from harness.coverage import FILE as COVERAGE
from harness.coverage import Reached
from harness.coverage import write_coverage
from harness.events import FLIGHT_BEGIN
from harness.events import FLIGHT_END
from harness.grounds import grounds
from harness.leaks import report_leaks
from harness.manner import PLAIN
from harness.manner import Manner
from harness.manner import Seen
from harness.pilots import HOST_LABEL
from harness.pilots import Installed
from harness.pilots import PilotChoice
from harness.pilots import install
from harness.pilots import needs_help
from harness.pilots import store_help
from harness.record import Flight
from harness.rerun import rerun_line
from harness.rundir import new_run
from harness.scenario import Scenario
from harness.schedules import FILE as CHOICES
from harness.schedules import write_choices
from harness.slots import Slots
from harness.verdict import Verdict
from harness.verdict import judge
from harness.world import World
from harness.world import node_folder
from reports.verdict_json import write_verdict
from simkernel import Clock
from simkernel import Event
from simkernel import Journal

Progress = Callable[[str, float], None]

JOURNAL = "events.jsonl"
VERDICT = "verdict.json"
ORDER = "flight.json"
AFTERMATH_S = 8 * 3600.0
"""Virtual seconds after the last pilot's walltime in which the server may still settle jobs."""


# Where faults strike what a pilot asks for; others (of its node, its batch job) come unasked.
ASKED = ("door.", "net.", "queuedata.", "server.", "tool.")


@dataclass(frozen=True, slots=True)
class Flown:
    """What came of the flying itself, before anybody judged it."""

    events: tuple[Event, ...]
    header: dict[str, Any]
    sha256: str
    seen: Seen


def fly(
    scenario: Scenario,
    pilot: PilotChoice,
    *,
    seed: int,
    runs: Path,
    progress: Progress | None = None,
    python: str = sys.executable,
    manner: Manner = PLAIN,
) -> Verdict:
    """Fly *pilot* through *scenario*; return the verdict, which the run directory also holds.

    Raises ScenarioError for a pilot or a world that cannot be had, HarnessError for our faults.
    """
    began = time.monotonic()
    installed = install(pilot)
    learn_help(installed, python=python)
    with new_run(runs, scenario=scenario.name, pilot=pilot.label, seed=seed) as draft:
        flown = journey(
            scenario,
            installed,
            pilot.label,
            seed=seed,
            folder=draft.path,
            python=python,
            progress=progress,
            manner=manner,
        )
        verdict = judge(
            Flight(flown.header, flown.events),
            scenario,
            family=installed.family,
            variant=scenario.variant,
            wall_s=time.monotonic() - began,
            sha256=flown.sha256,
            run_dir=str(draft.final),
            rerun=rerun_line(
                scenario, pilot, seed=seed, python=_chosen(python), schedule=manner.schedule.text
            ),
            must_fire=must_fire(scenario),
        )
        write_order(
            draft.path / ORDER,
            scenario,
            pilot,
            seed=seed,
            python=python,
            schedule=manner.schedule.text,
        )
        keep_seen(draft.path, flown.seen, manner, root=source_of(pilot, installed))
        write_verdict(draft.path / VERDICT, verdict.as_dict())
        draft.complete()
    return verdict


def journey(
    scenario: Scenario,
    installed: Installed,
    label: str,
    *,
    seed: int,
    folder: Path,
    python: str,
    progress: Progress | None = None,
    manner: Manner = PLAIN,
) -> Flown:
    """Fly once, with everything that is written going to *folder*; judge nothing."""
    clock = Clock(epoch=scenario.world.start)
    with ExitStack() as stack:
        stack.enter_context(no_collector())
        stream = stack.enter_context((folder / JOURNAL).open("w", encoding="utf-8"))
        journal = Journal(lambda: clock.now, stream=stream)
        # What is still torn down after a flight that was cut short has no journal any more.
        stack.callback(journal.seal)
        header = header_of(scenario, installed, label, seed=seed, manner=manner)
        journal.open(header)
        if progress is not None:
            journal.listen(lambda event: progress(event.what, event.t))
        world = World(scenario, seed=seed, clock=clock, journal=journal)
        conductor = Conductor(
            clock,
            journal,
            horizon_s=horizon_s(scenario),
            stop_s=manner.stop_s,
            debugs=manner.terminal is not None,
            runs_ahead=all(fault.on.startswith(ASKED) for fault in scenario.faults),
        )
        stack.callback(conductor.close)
        slots = slots_for(label)(
            world, conductor, installed, python=python, seed=seed, outputs=folder, manner=manner
        )
        for node in dict.fromkeys(nodes_of(scenario)):
            world.add_node(node, stack.enter_context(grounds(node_folder(folder, node))))
        names = [f"pilot-{number}" for number, _ in enumerate(scenario.pilots, 1)]
        for name, plan, node in zip(names, scenario.pilots, nodes_of(scenario), strict=True):
            slots.submit(name, node=node, walltime_s=plan.walltime_s, after_s=plan.after_s)
        journal.emit(FLIGHT_BEGIN, who="flight", scenario=scenario.name, seed=seed, pilot=label)
        world.arm(slots.batch)
        reason = conductor.run(lambda: slots.are_over() and world.is_settled())
        for name, node in zip(names, nodes_of(scenario), strict=True):
            root = world.roots[node].real
            report_leaks(journal, who=name, root=root, output=folder / f"{name}.out")
        journal.emit(FLIGHT_END, who="flight", reason=reason)
        journal.seal()
        for walls in world.roots.values():
            guests.clear(walls.real)
        seen = Seen.of(conductor.seats)
    return Flown(tuple(journal.events), dict(journal.header), journal.identity(), seen)


def slots_for(label: str) -> type[Slots]:
    """Return what starts the pilots that *label* stands for: as guests, or in the host."""
    if label != HOST_LABEL:
        return Slots
    from harness.inprocess.slots import HostSlots

    return HostSlots


@contextmanager
def no_collector() -> Iterator[None]:
    """Keep the garbage collector away from a flight.

    It would close processes that wait for what never comes, at a moment of its own choosing,
    and it looks again and again at a journal that only grows.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def nodes_of(scenario: Scenario) -> list[str]:
    """Return the name of the worker node of each pilot: its own, where none is given."""
    return [plan.node or f"wn{number:03}" for number, plan in enumerate(scenario.pilots, 1)]


def horizon_s(scenario: Scenario) -> float:
    """Return when the flight is broken off, at the latest."""
    return AFTERMATH_S + max(
        (each.after_s + each.walltime_s + each.notice_s for each in scenario.pilots), default=0.0
    )


def header_of(
    scenario: Scenario, installed: Installed, label: str, *, seed: int, manner: Manner = PLAIN
) -> dict[str, Any]:
    """Return the journal's first line: everything that the flight is a function of."""
    resolved = json.dumps(scenario.as_data(), sort_keys=True, default=str)
    return {
        "scenario": scenario.name,
        "scenario_sha256": hashlib.sha256(resolved.encode()).hexdigest(),
        "seed": seed,
        "schedule": manner.schedule.text,
        "pilot": label,
        "pilot_version": installed.version,
        "pilot_tree": installed.tree,
        "family": installed.family,
        "flightsim": metadata.version("panda-flightsim"),
        "start": scenario.world.start,
        "horizon_s": horizon_s(scenario),
    }


def must_fire(scenario: Scenario) -> list[str]:
    """Return the faults, as the journal names them, without which the flight shows nothing."""
    return [
        f"{number}/{fault.do}"
        for number, fault in enumerate(scenario.faults, start=1)
        if fault.at.p is None
    ]


def _chosen(python: str) -> str | None:
    return None if python == sys.executable else python


def learn_help(installed: Installed, *, python: str) -> None:
    """Have the pilot say once which options it takes, by flying its --help."""
    script = needs_help(installed)
    if script is not None:
        from harness.help_flight import help_text

        store_help(installed, help_text(installed, python=python))


def source_of(pilot: PilotChoice, installed: Installed) -> Path:
    """Return where people find the source of *pilot*: their checkout, else what was installed."""
    return Path(pilot.source) if pilot.kind == "path" else installed.root


def keep_seen(folder: Path, seen: Seen, manner: Manner, *, root: Path) -> None:
    """Keep what instruments have told beside the journal, whose bytes know nothing of them."""
    if any(each.taken or each.preempted for each in seen.choices.values()):
        write_choices(folder / CHOICES, manner.schedule, seen.choices)
    if manner.coverage:
        reached = Reached(root)
        for lines in seen.coverage.values():
            reached.add(lines)
        write_coverage(folder / COVERAGE, reached)


def write_order(
    path: Path,
    scenario: Scenario,
    pilot: PilotChoice,
    *,
    seed: int,
    python: str,
    schedule: str = "fifo",
) -> None:
    """Keep what is needed to fly this flight again."""
    source = f"{pilot.kind}:{pilot.source}" if pilot.source else pilot.kind
    write_json(
        path,
        {
            "scenario": scenario.source or scenario.name,
            "variant": scenario.variant,
            "pilot": source.removeprefix("path:"),
            "seed": seed,
            "python": python,
            "schedule": schedule,
        },
    )


def write_json(path: Path, content: Any) -> None:
    """Write *content* for people and programs."""
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
