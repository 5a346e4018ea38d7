"""Schedules find races that first come, first served never shows, and fly them again."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.interpreters import look
from harness.schedules import Choices
from harness.schedules import Schedule
from tests.guest.tiny_host import TinyHost

# The classic: each access is under the lock, the whole update is not.
LOST_UPDATE = """
import threading
lock, value = threading.Lock(), 0
def work():
    global value
    for _ in range(3):
        with lock: seen = value
        with lock: value = seen + 1
threads = [threading.Thread(target=work) for _ in range(2)]
for each in threads: each.start()
for each in threads: each.join()
print(value)
"""
# Only another order of wake-ups at one instant shows it.
WRONG_ORDER = """
import threading, time
seen = []
def work(n):
    time.sleep(1); seen.append(n)
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for each in threads: each.start()
for each in threads: each.join()
print(seen == sorted(seen))
"""
CHECK_THEN_ACT = """
import queue, threading, time
jobs = queue.Queue(); jobs.put("one")
def take():
    if not jobs.empty():
        time.sleep(0)
        print(jobs.get(timeout=60))
def late():
    try: take()
    except queue.Empty: print("starved")
threads = [threading.Thread(target=late) for _ in range(2)]
for each in threads: each.start(); each.join(0)
for each in threads: each.join()
"""
# Nothing here lets others go on: only an interpreter that is told to does.
IN_BYTECODE = """
import threading
value = 0
def work():
    global value
    for _ in range(200): value += 1
threads = [threading.Thread(target=work) for _ in range(2)]
for each in threads: each.start()
for each in threads: each.join()
print(value)
"""
SEEDS = range(1, 21)
MONITORED = [each.found.path for each in look() if each.found and each.found.version >= (3, 12)]


def flown(folder: Path, script: str, schedule: Schedule | None, seed: int) -> tuple[str, TinyHost]:
    """Fly *script* once."""
    host = TinyHost(folder / str(seed))
    if schedule is not None:
        host.instruments = {"schedule": schedule.order(seed=seed)}
    return host.fly(script).strip(), host


RACES = [(LOST_UPDATE, "6"), (WRONG_ORDER, "True")]


@pytest.mark.parametrize(("script", "fine"), RACES, ids=("lost-update", "wrong-order"))
@pytest.mark.parametrize("name", ["random", "pct"])
def test_a_race_that_fifo_never_shows_is_found(
    tmp_path: Path, script: str, fine: str, name: str
) -> None:
    assert {fine} == {flown(tmp_path / "fifo", script, None, seed)[0] for seed in (1, 2, 3)}
    schedule = Schedule(name, depth=3, steps=50)
    seen = [flown(tmp_path, script, schedule, seed)[0] for seed in SEEDS]
    assert 2 <= len(SEEDS) - seen.count(fine), seen


def test_the_same_seed_chooses_the_same_in_every_run(tmp_path: Path) -> None:
    runs = [flown(tmp_path / name, LOST_UPDATE, Schedule("random"), 4) for name in ("a", "b")]
    assert runs[0][0] == runs[1][0]
    assert runs[0][1].choices == runs[1][1].choices
    assert runs[0][1].choices.switches


def test_a_script_repeats_what_was_chosen(tmp_path: Path) -> None:
    output, host = _failing(tmp_path, LOST_UPDATE, "6", Schedule("random"))
    again = TinyHost(tmp_path / "again")
    again.instruments = {"schedule": host.choices.order(strict=True)}
    assert output == again.fly(LOST_UPDATE).strip()
    assert ([], host.choices) == (again.notes, again.choices)


def test_the_first_choice_that_cannot_be_repeated_is_told(tmp_path: Path) -> None:
    _, host = _failing(tmp_path, LOST_UPDATE, "6", Schedule("random"))
    host.choices.taken[5] += 3  # the third choice was among three more
    again = TinyHost(tmp_path / "again")
    again.instruments = {"schedule": host.choices.order(strict=True)}
    again.fly(LOST_UPDATE)
    (note,) = again.notes
    assert ("choice", 2, host.choices.taken[4], host.choices.taken[5]) == (
        note["what"], note["number"], note["index"], note["of"],
    )  # fmt: skip


def test_choices_of_nothing_but_the_first_are_fifo(tmp_path: Path) -> None:
    alone = TinyHost(tmp_path / "alone")
    script = TinyHost(tmp_path / "script")
    script.instruments = {"schedule": Choices().order(strict=False)}
    assert alone.fly(CHECK_THEN_ACT) == script.fly(CHECK_THEN_ACT)
    assert script.choices.taken
    assert [] == script.choices.switches


def test_a_thread_that_spins_on_a_lock_starves_nobody(tmp_path: Path) -> None:
    spinning = """
import threading, time
lock, done = threading.Lock(), []
def work():
    time.sleep(1); done.append(1)
threading.Thread(target=work).start()
while not done:
    with lock: pass
    time.sleep(0)
print("over")
"""
    for seed in (1, 2):
        for schedule in (Schedule("pct", steps=50), Schedule("random")):
            output, _ = flown(tmp_path / schedule.name, spinning, schedule, seed)
            assert "over" == output


@pytest.mark.skipif(not MONITORED, reason="no Python 3.12 or newer was found")
@pytest.mark.parametrize("name", ["random", "pct"])
@pytest.mark.parametrize("python", MONITORED)
def test_a_race_inside_bytecode_is_found_and_repeated(
    tmp_path: Path, name: str, python: str
) -> None:
    def fly(order: dict[str, object], place: str) -> tuple[str, TinyHost]:
        host = TinyHost(tmp_path / place)
        host.python = python
        host.instruments = {"schedule": order}
        return host.fly(IN_BYTECODE).strip(), host

    without = Schedule(name, steps=50)
    assert {"400"} == {fly(without.order(seed=each), f"w{each}")[0] for each in (1, 2, 3)}
    within = Schedule(name, steps=50, preempt=10)
    runs = [fly(within.order(seed=each), str(each)) for each in SEEDS]
    wrong = [(output, host) for output, host in runs if output != "400"]
    assert wrong
    output, host = wrong[0]
    assert host.choices.preempted
    assert output == fly(host.choices.order(strict=True), "again")[0]


def test_an_older_python_refuses_to_preempt(tmp_path: Path) -> None:
    if sys.version_info >= (3, 12):
        pytest.skip("this Python can")
    host = TinyHost(tmp_path)
    host.instruments = {"schedule": Schedule("random", preempt=10).order(seed=1)}
    with pytest.raises(Exception, match="died"):
        host.fly("print(1)")
    assert "switching inside bytecode needs Python 3.12" in (tmp_path / "output.txt").read_text()


def _failing(folder: Path, script: str, fine: str, schedule: Schedule) -> tuple[str, TinyHost]:
    for seed in SEEDS:
        output, host = flown(folder, script, schedule, seed)
        if output != fine:
            return output, host
    raise AssertionError("no seed shows the race")
