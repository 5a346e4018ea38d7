"""What stands still, spins or runs out is found, and told with who waits for whom and where."""

from __future__ import annotations

from typing import Any

import pytest

from harness.guests import GuestProcess
from harness.guests import Silent
from harness.watchdog import examine
from tests.guest.tiny_host import Standstill
from tests.guest.tiny_host import TinyHost

RING = """
import threading, time
first, second = threading.Lock(), threading.RLock()
def one():
    with first:
        time.sleep(1)
        with second: pass
def two():
    with second:
        time.sleep(1)
        with first: pass
for work in (one, two): threading.Thread(target=work, name=work.__name__, daemon=True).start()
"""
RING_WORDS = (
    "one waits for lock {}, held by two, at work/program.py:7;"
    " two waits for lock {}, held by one, at work/program.py:11"
)


def numbers_out(text: str) -> str:
    """Return *text* with the number of each lock as braces: how many came before is no matter."""
    words = text.split(" ")
    return " ".join(
        "{}," if before == "lock" else word
        for before, word in zip(["", *words], words, strict=False)
    )


def seen(host: TinyHost, script: str) -> dict[str, Any]:
    """Return what is seen of a guest that will never go on."""
    with pytest.raises(Standstill) as standstill:
        host.fly(script)
    return standstill.value.seen


def stuck(host: TinyHost) -> dict[str, Any]:
    """Return the note with which a guest ended its own flight."""
    (note,) = [each for each in host.notes if each["what"] == "stuck"]
    return note


def test_a_ring_of_locks_names_who_waits_for_whom_and_where(host: TinyHost) -> None:
    found = seen(host, RING + "threading.Event().wait()\n")
    assert [RING_WORDS] == [numbers_out(each) for each in found["cycles"]]
    assert found["words"].startswith(
        "MainThread waits in Event.wait at work/program.py:13; one waits"
    )
    assert "one (strand 1002) waits for lock" in found["stacks"]
    assert "  work/program.py:7 in one: with second: pass" in found["stacks"]
    # Nothing of this machine is in it, and what waits in the library says so.
    assert "  python/threading.py:" in found["stacks"]
    assert [] == [line for line in found["stacks"].splitlines() if line.startswith("  /")]


def test_a_lock_taken_twice_by_its_owner_is_a_ring_of_one(host: TinyHost) -> None:
    found = seen(host, "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()")
    assert ["MainThread waits for lock {}, held by MainThread, at work/program.py:4"] == [
        numbers_out(each) for each in found["cycles"]
    ]


def test_a_thread_that_is_joined_by_whom_it_waits_for_is_in_the_ring(host: TinyHost) -> None:
    script = """
import threading
lock = threading.Lock()
def work():
    with lock: pass
with lock:
    thread = threading.Thread(target=work, name="worker"); thread.start(); thread.join()
"""
    (ring,) = seen(host, script)["cycles"]
    assert "MainThread waits for the end of worker at work/program.py:7" in ring
    assert "worker waits for lock" in ring


def test_a_wait_with_a_time_limit_is_in_no_ring(host: TinyHost) -> None:
    script = RING.replace("with first: pass", "first.acquire(timeout=5)")
    assert "over\n" == host.fly(script + "time.sleep(3); print('over')")
    assert [] == host.notes


def test_a_ring_that_is_left_when_the_program_ends_is_told(host: TinyHost) -> None:
    host.fly(RING + "time.sleep(60)\n")
    (note,) = host.notes
    assert ("trouble", f"deadlock: {RING_WORDS}") == (note["what"], numbers_out(note["why"]))
    assert "two (strand 1003) waits for lock" in note["stacks"]


def test_threads_that_wait_for_work_are_no_ring(host: TinyHost) -> None:
    found = seen(host, "import queue\nqueue.Queue().get()")
    assert ([], "MainThread waits in Queue.get at work/program.py:2") == (
        found["cycles"],
        found["words"],
    )


# Neither makes progress, and neither reads the clock.
SPINNING = {
    "sleep": "import time\nwhile True: time.sleep(0)",
    "hand-over": """
import threading
ready, done = threading.Semaphore(1), threading.Semaphore(0)
def work(mine, other):
    while True: mine.acquire(); other.release()
threading.Thread(target=work, args=(ready, done), daemon=True).start()
work(done, ready)
""",
}


@pytest.mark.parametrize("name", SPINNING)
def test_what_only_switches_ends_the_flight(host: TinyHost, name: str) -> None:
    host.fly(SPINNING[name])
    note = stuck(host)
    assert note["why"].startswith("busy: 10000 switches at one instant, 200 times in a row; ")
    assert "work/program.py" in note["why"]
    assert "MainThread" in note["stacks"]
    assert (75, 0) == host.outcome
    assert 900 < host.now < 1000


def test_what_spins_until_something_happens_goes_on(host: TinyHost) -> None:
    script = """
import threading, time
over = []
threading.Timer(30, over.append, (1,)).start()
while not over: time.sleep(0)
print(round(time.monotonic()))
"""
    assert 40 <= int(host.fly(script)) < 70
    assert ["busy-loop"] == [note["kind"] for note in host.notes]


def test_who_reads_the_clock_for_ever_ends_the_flight(host: TinyHost) -> None:
    host.fly("import time\nwhile True: time.time()")
    assert stuck(host)["why"] == (
        "busy: 20000 clock reads at one instant, 200 times in a row; "
        "MainThread at work/program.py:2"
    )


def silent(host: TinyHost, monkeypatch: pytest.MonkeyPatch, script: str) -> tuple[str, str]:
    """Return what the watchdog says of a guest that says nothing after it has slept once."""
    host.patience_s = 1.0
    found: list[tuple[str, str]] = []
    end = GuestProcess.end

    def examined(guest: GuestProcess) -> None:
        found.append(examine(guest, Silent("it says nothing")))
        end(guest)

    monkeypatch.setattr(GuestProcess, "end", examined)
    with pytest.raises(Silent):
        host.fly(f"import time; time.sleep(1);{script}")
    return found[0]


def test_an_endless_loop_is_the_programs_own(
    host: TinyHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = RING + "time.sleep(5)\ndef spin():\n    while True: pass\nspin()\n"
    why, stacks = silent(host, monkeypatch, script)
    assert "busy: has computed for 1 s of real time without a word at work/program.py:15" == why
    assert "work/program.py:15 in spin: while True: pass" in stacks
    assert "one (strand 1002) waits for lock" in stacks


def test_a_call_that_blocks_in_the_kernel_is_ours(
    host: TinyHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = """
import fcntl
one, other = open("lock", "w"), open("lock", "w")
fcntl.flock(one, fcntl.LOCK_EX)
fcntl.flock(other, fcntl.LOCK_EX)
"""
    why, stacks = silent(host, monkeypatch, script)
    assert why == (
        "blocked: a call that is not simulated waits since 1 s of real time at work/program.py:5"
    )
    assert "work/program.py:5 in <module>: fcntl.flock(other, fcntl.LOCK_EX)" in stacks


def test_c_code_that_never_comes_back_shows_the_line_that_called_it(
    host: TinyHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.watchdog.ANSWER_S", 1.0)
    why, stacks = silent(host, monkeypatch, "import itertools\nsum(itertools.repeat(0))\n")
    assert "runtime: has computed for 1 s of real time without a word" == why
    assert 'program.py", line 2 in <module>' in stacks


LIMITS = {"limits": {"memory": 1 << 30, "files": 64}}
GREEDY = {
    "memory": "held = []\nwhile True: held.append(bytearray(1 << 24))",
    "files": "held = [open(f'{n}', 'w') for n in range(100)]",
}
WHY = {
    "memory": "limit: memory, of which a pilot gets 1024 MB",
    "files": "limit: open files, of which a pilot gets 64",
}


@pytest.mark.parametrize("kind", GREEDY)
@pytest.mark.parametrize("place", ["main", "thread"])
def test_a_limit_that_nobody_caught_ends_the_flight(host: TinyHost, kind: str, place: str) -> None:
    host.instruments = LIMITS
    inner = "\n".join(f"    {line}" for line in GREEDY[kind].splitlines())
    in_thread = f"import threading, time\ndef work():\n{inner}\n"
    in_thread += "threading.Thread(target=work, name='greedy').start(); time.sleep(99)"
    host.fly(GREEDY[kind] if place == "main" else in_thread)
    note = stuck(host)
    assert WHY[kind] == note["why"]
    assert "MainThread (strand 1000)" in note["stacks"]
    assert (75, 0) == host.outcome


def test_a_limit_that_the_program_knows_how_to_meet_is_its_own_business(host: TinyHost) -> None:
    host.instruments = LIMITS
    script = f"try:\n    {GREEDY['files']}\nexcept OSError as error: print(error.strerror)"
    assert "Too many open files\n" == host.fly(script)
    assert [] == host.notes
