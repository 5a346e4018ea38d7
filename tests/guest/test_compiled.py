"""With the compiled part of the runtime and without it, programs see and do the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness import hotpath
from tests.guest.tiny_host import Standstill
from tests.guest.tiny_host import TinyHost

HOWS = ("1", "0")
WAITS = """
import queue, threading, time
told = []
def say(*words):
    told.append((round(time.monotonic() - 10, 6), threading.current_thread().name, *words))
lock, again, box = threading.Lock(), threading.RLock(), queue.Queue()
ready = threading.Condition()
def holder():
    with lock, again, again:
        time.sleep(2.5)
        say("lets go")
def taker(kind, limit):
    while not kind.acquire(timeout=limit):
        say("in vain", limit)
    say("has it")
    kind.release()
def reader(limit):
    for _ in range(4):
        try: say("got", box.get(timeout=limit))
        except queue.Empty: say("empty", box.qsize())
def waiter(limit):
    with ready:
        say("told", ready.wait(limit), ready.wait(timeout=limit), ready.wait_for(lambda: 0, 0.3))
def looker():
    for _ in range(3):
        try: box.get_nowait()
        except queue.Empty: say("nothing")
        try: box.get(False, 5)
        except queue.Empty: time.sleep(0.75)
works = [(holder,), (taker, lock, 0.7), (taker, lock, 1), (taker, again, 0.4), (reader, 0.9),
         (reader, 1.1), (waiter, 1.5), (waiter, 3), (looker,)]
threads = [threading.Thread(target=each, args=args) for each, *args in works]
for thread in threads: thread.start()
for thread in threads:
    while thread.is_alive():
        thread.join(0.6)
        if time.monotonic() < 13:
            box.put(round(time.monotonic()))
            with ready: ready.notify()
    say("joined", thread.name)
for line in told: print(*line)
"""
WOKEN = """
import queue, threading, time
lock, box, ready = threading.Lock(), queue.Queue(), threading.Condition()
def notified():
    with ready: return ready.wait(5)
def work(wait):
    began = time.monotonic()
    print(wait(), time.monotonic() - began)
    time.sleep(20)
    print(time.monotonic() - began)
lock.acquire()
waits = (notified, lambda: lock.acquire(timeout=5), lambda: box.get(timeout=5))
for wait in waits: threading.Thread(target=work, args=(wait,)).start()
time.sleep(1)
lock.release()
box.put("item")
with ready: ready.notify()
"""
ODD = """
import _thread, queue, signal, threading, time
def tried(work, *args, **kwargs):
    try: print(work.__name__, args, kwargs, work(*args, **kwargs))
    except TypeError: print(work.__name__, args, kwargs, "no such arguments")
    except BaseException as error: print(work.__name__, args, kwargs, type(error).__name__, error)
lock, again = threading.Lock(), threading.RLock()
condition, box, small = threading.Condition(), queue.Queue(), queue.LifoQueue()
for args in ((), (-1,), (float("nan"),), (1e300,), ("1",), (True,), (0,), (1, 2)):
    tried(time.sleep, *args)
for kind in (lock, again):
    for args in ((), (False,), (True, 0), (True, 0.5), (0,), (1, 0.5), (True, -2),
                 (False, 1), (True, "1"), (True, None), (True, 1e300), (1, 2, 3)):
        tried(kind.acquire, *args)
    for names in ({"blocking": False}, {"timeout": 0.25}, {"timeout": -1, "blocking": False},
                  {"late": 1}):
        tried(kind.acquire, **names)
    print(kind.locked() if hasattr(kind, "locked") else "", repr(kind).partition(" at ")[0])
    tried(kind.release)
    tried(kind.release)
for args in ((), (None,), (0,), (-1,), (0.5,), ("x",)):
    tried(condition.wait, *args)
    if args != () and args != (None,):
        with condition: tried(condition.wait, *args)
for each in (box, small):
    for args in ((False,), (True, 0), (True, 0.5), (True, -1), (0,), (True, "x"), (1, 0.5)):
        tried(each.get, *args)
    each.put(1); each.put(2)
    tried(each.get, timeout=1); tried(each.get, block=False)
for each in (time.gmtime, time.localtime):
    print(each(0)[:6], each(None)[:6], each()[:6])
    tried(each, 1, 2)
    tried(each, "x")
print(time.strftime("%H"), time.strftime("%H", time.gmtime(0)), time.strftime("%H", (1,) * 9))
print(time.time(), time.monotonic(), time.perf_counter(), time.time_ns(), time.ctime())
print(_thread.get_ident(), threading.get_ident())
def handler(number, frame):
    time.sleep(1)
    raise KeyError(number)
signal.signal(signal.SIGALRM, handler)
for wait in (lambda: time.sleep(9), lambda: held.acquire(timeout=9), lambda: box.get(timeout=9),
             lambda: event.wait(9)):
    held, event = threading.Lock(), threading.Event()
    held.acquire()
    signal.alarm(2)
    began = time.monotonic()
    try: wait()
    except KeyError as error: print("interrupted", error, time.monotonic() - began)
    held.release()
    print(held.locked(), held.acquire(False), event.is_set(), box.qsize())
spun = time.time()
while time.time() == spun: pass
print("spun", time.time() - spun)
"""
FILES = """
import os, time
with open("log", "a", buffering=1) as log, open("other", "wb") as other:
    for number in range(5):
        time.sleep(1.5)
        print("line", number, file=log)
        if number % 2:
            os.mkdir(f"folder{number}")
            other.write(b"x")
            other.flush()
        time.sleep(0.25)
        print(os.stat("log").st_mtime, os.stat("other").st_mtime, os.stat(".").st_mtime)
"""
STUCK = """
import queue, threading, time
lock, box, ready = threading.Lock(), queue.Queue(), threading.Condition()
def wait():
    with ready: ready.wait(1e6)
lock.acquire()
for work in (lambda: lock.acquire(timeout=1e6), lambda: box.get(timeout=1e6), wait,
             lambda: time.sleep(1e6), lambda: threading.Event().wait(1e6), lock.acquire):
    threading.Thread(target=work, daemon=True).start()
time.sleep(1)
i = 0
while True: i += 1; time.sleep(0)
"""


def flown(
    folder: Path, program: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, Any, list[dict[str, Any]]]:
    """Return what *program* printed, how and when it ended, and what its runtime told."""
    monkeypatch.setenv(hotpath.VARIABLE, how)
    host = TinyHost(folder / how)
    try:
        said = host.fly(program)
    except Standstill as standstill:
        said = str(standstill.seen)
    return said, (host.outcome, host.now), host.notes


@pytest.mark.parametrize(
    "program",
    [WAITS, WOKEN, ODD, FILES, STUCK],
    ids=["waits", "woken", "odd", "files", "stuck"],
)
def test_a_program_sees_and_does_the_same(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled, python = (flown(tmp_path, program, how, monkeypatch) for how in HOWS)
    assert python == compiled
    assert python[0] or python[2]


def test_the_compiled_part_is_where_the_doctor_says_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = """
import io, queue, threading, time
for each in (time.sleep, threading.Lock().acquire, threading.RLock().release, io.FileIO.write,
             threading.Condition.wait, queue.Queue.get):
    print(type(each).__name__)
"""
    kinds = [set(flown(tmp_path, program, how, monkeypatch)[0].split()) for how in HOWS]
    assert {"method", "function"} == kinds[1]
    monkeypatch.setenv(hotpath.VARIABLE, "1")
    stands = hotpath.part(TinyHost.python).folder is not None
    compiled = {"builtin_function_or_method", "method_descriptor"}
    assert (compiled if stands else kinds[1]) == kinds[0]


def test_what_sees_each_use_of_a_lock_flies_in_python(tmp_path: Path) -> None:
    host = TinyHost(tmp_path)
    host.instruments = {
        "schedule": {"name": "random", "seed": 1, "preempt": 0, "strict": False, "told": False}
    }
    assert "method\n" == host.fly("import time; print(type(time.sleep).__name__)")
