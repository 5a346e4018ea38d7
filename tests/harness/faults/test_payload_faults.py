"""What each fault of a payload does to the life of a job's own program."""

from __future__ import annotations

import os
import re
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from fakesites.node import Command
from fakesites.node import Exit
from fakesites.payload import PayloadModel
from guest.machine import listings
from harness.faults import known_faults
from harness.faults.payload.vanishing import VANISHING
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
    shutil.rmtree(folder)
    folder.mkdir()
    began, midway = world.clock.now, []
    world.clock.process(probe(world, midway))
    ended = run(world)
    # A core file has the pid in its name, and pids go on.
    names = [re.sub(r"core\.\d+", "core", name) for name in left(world)]
    return ended, names, list(left(world).values()), round(ends(world)[-1][0] - began), midway


def latest(world: TinyWorld) -> Any:
    """Return the process of the payload that began last."""
    return max(world.node.processes.entered(), key=lambda process: process.pid)


def probe(world: TinyWorld, midway: list[object]) -> Any:
    """Look at the payload and its folder when it has run for 200 s."""
    yield world.clock.timeout(200.0)
    process = latest(world)
    now = world.clock.now
    names = sorted(os.listdir(world.node.files.real(WORK)))
    midway += [process.rss_kb(now), round(process.cpu_s(now)), len(names)]


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


def test_memory_grows_by_so_much_an_hour(world: TinyWorld) -> None:
    world.install("memory_ramp", on="payload", options={"growth": "36 GB"})
    midway: list[Any] = []
    world.clock.process(probe(world, midway))
    run(world)
    assert MODEL.rss_kb + 2_000_000_000 // 1024 == pytest.approx(midway[0], rel=1e-3)


def test_a_core_file_has_the_pid_that_it_is_given(world: TinyWorld) -> None:
    world.install("core_file", on="payload", options={"pid": 77, "size": "5 kB"})
    run(world)
    assert 5000 == left(world)["core.77"]


def test_folders_hold_a_file_each(world: TinyWorld) -> None:
    world.install("folders", on="payload", options={"names": ["geomDB"]})
    run(world)
    assert (world.node.files.real(WORK) / "geomDB/content.txt").is_file()


def test_cpu_time_is_absurd_for_a_while_only(world: TinyWorld) -> None:
    options = {"seconds": "1000000s", "fraction": 0.25, "lasting": "5m"}
    world.install("absurd_cpu", on="payload", options=options)
    times: list[float] = []

    def look_on() -> Any:
        process = latest(world)
        for wait_s in (140.0, 20.0, 300.0):
            yield world.clock.timeout(wait_s)
            times.append(process.cpu_s(world.clock.now))

    world.node.payloads[KEY] = MODEL
    argv = ("flightsim-payload", "./payload", "--flightsim-job", KEY)
    world.node.spawn(Command(argv, {}, owner="pilot-1"))
    world.clock.process(look_on())
    world.clock.run(86_400)
    assert [False, True, False] == [each > 900_000 for each in times]


def test_what_vanishes_is_there_again_a_minute_later(world: TinyWorld) -> None:
    world.install("vanishing", on="payload", options={"count": 2})
    world.node.payloads[KEY] = MODEL
    argv = ("flightsim-payload", "./payload", "--flightsim-job", KEY)
    world.node.spawn(Command(argv, {}, owner="pilot-1"))
    world.clock.run(10.0)
    folder = world.node.files.real(WORK)
    (folder / f"payload.lock.0{VANISHING}").unlink()
    world.do(world.tool(world.call("find", WORK)), until=30.0)
    assert [] == [name for name in os.listdir(folder) if name.endswith(VANISHING)]
    world.clock.run(61.0)
    assert 2 == sum(name.endswith(VANISHING) for name in os.listdir(folder))
    assert listings.VANISHING == VANISHING
    world.clock.run(86_400.0)
    assert [] == [name for name in os.listdir(folder) if name.endswith(VANISHING)]


def test_a_token_is_newer_than_any_log(world: TinyWorld) -> None:
    world.install("token_file", on="payload")
    run(world)
    token = world.node.files.real(f"{WORK}/panda_token")
    assert token.read_text().startswith("eyJ")
    assert world.clock.epoch + 540.0 <= token.stat().st_mtime
