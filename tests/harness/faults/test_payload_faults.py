"""What each fault of a payload does to the life of a job's own program."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from fakesites.node import Command
from fakesites.node import Exit
from fakesites.payload import PayloadModel
from harness.faults import known_faults
from harness.triggers import Trigger
from simkernel import ScenarioError
from tests.harness.faults.tiny_world import TinyWorld

KEY = "first-job/1"
MODEL = PayloadModel(walltime_s=600.0, outputs=(("a.root", 1000), ("b.root", 2000)))
KINDS = [kind.name for kind in known_faults() if "payload" in kind.on]
WORK = "/srv/work"


def run(world: TinyWorld, key: str = KEY, *, model: PayloadModel = MODEL) -> Exit | None:
    """Run one payload for at most a day; return how it ended, if it did."""
    world.node.payloads[key] = model
    argv = ("flightsim-payload", "./payload", "--flightsim-job", key)
    running = world.node.spawn(Command(argv, {}, owner="pilot-1"))
    world.clock.run(world.clock.now + 86_400)
    return running.finished


def left(world: TinyWorld) -> dict[str, int]:
    """Return what lies in the work directory, with sizes."""
    folder = world.node.files.real(WORK)
    sizes = {name: (folder / name).stat().st_size for name in sorted(os.listdir(folder))}
    return {name: size for name, size in sizes.items() if name != MODEL.touched}


def ends(world: TinyWorld) -> list[tuple[float, int, int]]:
    """Return when and how each payload ended, by the journal."""
    events = [event for event in world.journal.events if event.what == "payload.end"]
    return [(event.t, event["code"], event["signal"]) for event in events]


def test_a_payload_left_alone_does_as_its_model_says(world: TinyWorld) -> None:
    ended = run(world)
    assert ended is not None
    assert (ended.code, left(world)) == (0, {"a.root": 1000, "b.root": 2000})
    assert ends(world) == [(600.0, 0, 0)]


def test_exit_code_replaces_the_payloads_own(world: TinyWorld) -> None:
    world.install("exit_code", on="payload", options={"code": 65, "stderr": "segment missing"})
    ended = run(world)
    assert ended is not None
    assert (ended.code, ended.stderr) == (65, "segment missing\n")
    assert ends(world) == [(600.0, 65, 0)]
    assert left(world) == {"a.root": 1000, "b.root": 2000}


def test_a_signal_kills_it_before_it_leaves_anything(world: TinyWorld) -> None:
    world.install("signal", on="payload", options={"signal": "SIGBUS", "fraction": 0.25})
    ended = run(world)
    assert ended is not None
    assert (ended.signal, left(world)) == (signal.SIGBUS, {})
    assert ends(world) == [(150.0, -signal.SIGBUS, signal.SIGBUS)]


def test_a_hanging_payload_stays_until_it_is_killed(world: TinyWorld) -> None:
    world.install("hang", on="payload")
    assert (run(world), ends(world), left(world)) == (None, [], {})
    touched = world.node.files.real(f"{WORK}/{MODEL.touched}").stat().st_mtime
    world.node.settle()
    assert world.clock.epoch + 300.0 == touched


def test_a_missing_output_is_missing_and_the_code_is_0(world: TinyWorld) -> None:
    world.install("missing_output", on="payload", options={"file": "b.*"})
    ended = run(world)
    assert ended is not None
    assert (ended.code, left(world)) == (0, {"a.root": 1000})


def test_all_outputs_may_be_missing(world: TinyWorld) -> None:
    world.install("missing_output", on="payload")
    run(world)
    assert left(world) == {}


def test_an_empty_output_is_empty_and_the_code_is_0(world: TinyWorld) -> None:
    world.install("empty_output", on="payload", options={"file": "a.root"})
    ended = run(world)
    assert ended is not None
    assert (ended.code, left(world)) == (0, {"a.root": 0, "b.root": 2000})


def test_a_huge_stdout_grows_meanwhile_and_is_hollow(world: TinyWorld) -> None:
    world.install("huge_stdout", on="payload", options={"size": "3 GB"})
    world.node.files.write(f"{WORK}/payload.stdout", b"first line\n")
    world.clock.process(look(world, seen := []))
    run(world)
    real = world.node.files.real(f"{WORK}/payload.stdout")
    assert seen == [(59.0, 11), (61.0, 3_000_000_000)]
    with real.open("rb") as stream:
        assert stream.read(11) == b"first line\n"
    assert 0 < real.stat().st_blocks * 512 < 1_000_000


def look(world: TinyWorld, seen: list[tuple[float, int]]) -> Any:
    for wait_s in (59.0, 2.0):
        yield world.clock.timeout(wait_s)
        size = world.node.files.real(f"{WORK}/payload.stdout").stat().st_size
        seen.append((world.clock.now, size))


def test_a_payload_that_ends_before_floods_nothing(world: TinyWorld) -> None:
    world.install("huge_stdout", on="payload", options={"fraction": 1.0})
    world.node.payloads[KEY] = MODEL
    argv = ("flightsim-payload", "./payload", "--flightsim-job", KEY)
    running = world.node.spawn(Command(argv, {}, owner="pilot-1"))
    world.clock.run(10.0)
    world.node.processes.signal(running.pid, signal.SIGKILL, by="pilot-1")
    world.clock.run(86_400.0)
    assert left(world) == {}


@pytest.mark.parametrize("do", KINDS)
def test_the_second_payload_is_hit_and_no_other(do: str, tmp_path: Path) -> None:
    plain, faulty = TinyWorld(tmp_path / "plain"), TinyWorld(tmp_path / "faulty")
    faulty.install(do, on="payload", at=Trigger(call=2))
    same = [life(plain) == life(faulty) for _ in range(3)]
    assert (same, [number for _, number in faulty.fired()]) == ([True, False, True], [2])


@pytest.mark.parametrize("do", KINDS)
def test_with_probability_zero_nothing_changes(do: str, tmp_path: Path) -> None:
    plain, faulty = TinyWorld(tmp_path / "plain"), TinyWorld(tmp_path / "faulty")
    faulty.install(do, on="payload", at=Trigger(p=0.0))
    assert life(plain) == life(faulty)
    assert plain.text.getvalue() == faulty.text.getvalue()


def life(world: TinyWorld) -> object:
    """Run one payload in an empty folder; return what can be seen of it."""
    folder = world.node.files.real(WORK)
    for name in sorted(os.listdir(folder)):
        (folder / name).unlink()
    began = world.clock.now
    ended = run(world)
    return ended, left(world), round(ends(world)[-1][0] - began)


def test_one_job_may_be_meant_by_its_key(world: TinyWorld) -> None:
    world.install("exit_code", on=f"payload.{KEY}", options={"code": 3})
    codes = [ended and ended.code for ended in (run(world, "first-job/2"), run(world, KEY))]
    assert codes == [0, 3]


def test_what_fired_names_the_pilot_of_the_payload(world: TinyWorld) -> None:
    world.install("exit_code", on="payload")
    run(world)
    fired = [event.who for event in world.journal.events if event.what == "fault.fired"]
    assert fired == ["pilot-1"]


@pytest.mark.parametrize("do", ["hang", "signal", "huge_stdout"])
@pytest.mark.parametrize("fraction", [-0.1, 1.1])
def test_a_fraction_of_the_walltime_is_no_more_than_all(
    do: str, fraction: float, world: TinyWorld
) -> None:
    with pytest.raises(ScenarioError, match="fraction = "):
        world.install(do, on="payload", options={"fraction": fraction})


def test_a_signal_has_a_name(world: TinyWorld) -> None:
    with pytest.raises(ScenarioError, match="unknown signal 'SEGV'"):
        world.install("signal", on="payload", options={"signal": "SEGV"})
