"""Threads, locks, queues and executors on virtual time."""

from __future__ import annotations

from tests.guest.tiny_host import TinyHost

SLEEPERS = """
import threading, time
log = []
def work(n):
    for _ in range(3):
        time.sleep(n)
        log.append((time.monotonic(), n))
threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2, 3)]
for each in threads: each.start()
for each in threads: each.join()
print(log)
"""


def test_threads_sleep_in_virtual_time_and_ties_go_by_the_order_of_asking(host: TinyHost) -> None:
    expect = [(11, 1), (12, 2), (12, 1), (13, 3), (13, 1), (14, 2), (16, 3), (16, 2), (19, 3)]
    assert str([(float(t), n) for t, n in expect]) == host.fly(SLEEPERS).strip()


def test_a_day_of_waiting_costs_no_real_waiting(host: TinyHost) -> None:
    host.fly("import time; time.sleep(86400)")
    assert 86410.0 == host.now


def test_queue_event_and_lock_time_out_at_their_deadline(host: TinyHost) -> None:
    program = """
import queue, threading, time
try: queue.Queue().get(timeout=7)
except queue.Empty: print(time.monotonic())
print(threading.Event().wait(5), time.monotonic())
lock = threading.Lock(); lock.acquire()
print(lock.acquire(timeout=3), time.monotonic())
"""
    assert "17.0\nFalse 22.0\nFalse 25.0\n" == host.fly(program)


def test_a_lock_is_handed_over_in_the_order_of_asking(host: TinyHost) -> None:
    program = """
import threading, time
lock, order = threading.Lock(), []
def take(n):
    time.sleep(n / 10)
    with lock:
        order.append(n); time.sleep(5)
threads = [threading.Thread(target=take, args=(n,)) for n in (3, 1, 2)]
for each in threads: each.start()
for each in threads: each.join()
print(order)
"""
    assert "[1, 2, 3]\n" == host.fly(program)


def test_locals_belong_to_their_thread(host: TinyHost) -> None:
    program = """
import threading, time
data = threading.local()
def work(n):
    data.x = n; time.sleep(1); print(n, data.x)
threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2)]
for each in threads: each.start()
for each in threads: each.join()
print(hasattr(data, "x"))
"""
    assert "1 1\n2 2\nFalse\n" == host.fly(program)


def test_an_executor_and_contextvars_work(host: TinyHost) -> None:
    program = """
import contextvars, time
from concurrent.futures import ThreadPoolExecutor
var = contextvars.ContextVar("var", default=0)
def work(n):
    var.set(n); time.sleep(1); return var.get()
with ThreadPoolExecutor(3) as pool: print(list(pool.map(work, range(6))), time.monotonic())
"""
    assert "[0, 1, 2, 3, 4, 5] 12.0\n" == host.fly(program)


def test_the_end_waits_for_threads_that_are_no_daemons(host: TinyHost) -> None:
    program = """
import threading, time, atexit
atexit.register(lambda: print("exit", time.monotonic()))
threading.Thread(target=lambda: (time.sleep(50), print("thread"))).start()
threading.Thread(target=lambda: time.sleep(9999), daemon=True).start()
"""
    assert "thread\nexit 60.0\n" == host.fly(program)


def test_an_exception_in_a_thread_is_printed_and_the_rest_goes_on(host: TinyHost) -> None:
    program = """
import threading, time
threading.Thread(target=lambda: 1 / 0).start()
time.sleep(1); print("on")
"""
    output = host.fly(program)
    assert "ZeroDivisionError" in output
    assert output.endswith("on\n")


def test_a_thread_that_only_reads_the_clock_does_not_stop_it(host: TinyHost) -> None:
    host.fly("import time\nend = time.time() + 1\nwhile time.time() < end: pass")
    assert ["busy-loop"] == [note["kind"] for note in host.notes]
    assert host.now >= 10.999


def test_the_exit_code_is_the_programs_own(host: TinyHost) -> None:
    host.fly("raise SystemExit(7)")
    assert (7, 0) == host.outcome


def test_an_uncaught_exception_ends_with_one(host: TinyHost) -> None:
    assert "KeyError" in host.fly("{}['x']")
    assert (1, 0) == host.outcome


def test_leaving_at_once_runs_nothing_more(host: TinyHost) -> None:
    program = """
import atexit, os, threading, time
atexit.register(print, "never")
threading.Thread(target=lambda: (time.sleep(1), os._exit(3))).start()
time.sleep(100); print("never")
"""
    assert "" == host.fly(program)
    assert ((3, 0), 11.0) == (host.outcome, host.now)


def test_idents_count_in_the_order_of_starting(host: TinyHost) -> None:
    program = """
import os, threading
found = []
def work(): found.append((threading.get_ident(), threading.get_native_id()))
for _ in range(2):
    thread = threading.Thread(target=work); thread.start(); thread.join()
print(found, threading.get_ident(), threading.get_native_id() == os.getpid())
print(threading.Lock(), threading.RLock().acquire.__self__)
"""
    output = host.fly(program)
    assert "[(1002, 1001002), (1003, 1001003)] 1000 True\n" in output
    assert output == TinyHost(host.root / "again").fly(program)


def test_a_lock_that_was_handed_over_is_not_locked_before_it_is_taken(host: TinyHost) -> None:
    program = """
import threading
lock = threading.Lock(); lock.acquire()
log = []
def take(): lock.acquire(); log.append(lock.locked())
threads = [threading.Thread(target=take) for _ in "ab"]
for each in threads: each.start()
lock.release(); print(lock.locked(), lock.acquire(False), log)
try: lock.release()
except RuntimeError as error: print(error)
threads[0].join(); print(lock.locked(), log); lock.release(); threads[1].join(); print(log)
"""
    expect = "False False []\nrelease unlocked lock\nTrue [True]\n[True, True]\n"
    assert expect == host.fly(program)


def test_a_lock_goes_to_the_next_when_a_handler_raises_out_of_the_wait(host: TinyHost) -> None:
    program = """
import signal, threading, time
lock = threading.Lock(); lock.acquire()
def late(number, frame): raise TimeoutError
signal.signal(signal.SIGALRM, late); signal.alarm(5)
threading.Thread(target=lambda: (time.sleep(5), lock.release())).start()
def take(): time.sleep(1); lock.acquire(); print("taken", time.monotonic())
threading.Thread(target=take).start()
try: lock.acquire(); print("mine")
except TimeoutError: print("late")
"""
    assert "late\ntaken 15.0\n" == host.fly(program)


def test_threads_futures_and_tasks_are_numbered_for_sets(host: TinyHost) -> None:
    program = """
import asyncio, threading
from concurrent.futures import Future
def look(things): print([hash(each) - hash(things[0]) for each in things])
look([threading.Thread() for _ in range(5)])
look([Future() for _ in range(5)])
async def main():
    tasks = [asyncio.ensure_future(asyncio.sleep(1)) for _ in range(5)]
    await asyncio.wait(tasks); look(tasks)
asyncio.run(main())
"""
    assert "[0, 1, 2, 3, 4]\n" * 3 == host.fly(program)


def test_an_uncaught_error_shows_only_the_programs_own_lines(host: TinyHost) -> None:
    program = "_thread.start_new_thread(lambda: 1 / 0, ()); time.sleep(1); {}[1]"
    output = host.fly(f"import _thread, time; {program}")
    assert 2 == output.count("Traceback")
    assert "/guest/" not in output


def test_a_killed_process_holds_no_lock_of_its_parent(host: TinyHost) -> None:
    program = """
import multiprocessing, threading, time
lock, again = threading.Lock(), threading.RLock()
def hang():
    with lock, again: time.sleep(1000)
process = multiprocessing.Process(target=hang); process.start(); time.sleep(1)
log = []
waiting = threading.Thread(target=lambda: (lock.acquire(), log.append("waited"), lock.release()))
waiting.start(); process.kill(); process.join(); print(process.exitcode, threading.active_count())
print(again.acquire(timeout=1), lock.acquire(False)); waiting.join(1); print(log)
print(lock.acquire(timeout=1))
"""
    assert "-9 2\nTrue False\n['waited']\nTrue\n" == host.fly(program)


def test_a_process_of_multiprocessing_is_no_process_of_the_node(host: TinyHost) -> None:
    host.fly(
        "import multiprocessing as m; p = m.Process(target=int); p.start(); p.kill(); p.join()"
    )
    assert [] == [each for each in host.asked if each["kind"] in ("spawn", "kill")]
    assert [] == host.notes


def test_a_module_nobody_imports_costs_nothing(host: TinyHost) -> None:
    program = """
import sys
print([name for name in sys.modules if name.partition(".")[0] in ("asyncio", "multiprocessing")])
"""
    assert "[]\n" == host.fly(program)


SAME_INSTANT = """
import threading, time
lock = threading.Lock()
lock.acquire()
def other():
    time.sleep(1)
    lock.release()
threading.Thread(target=other).start()
taken = lock.acquire(timeout=1)
print(taken, lock.acquire(timeout=1), lock.locked())
"""
OVER_IN_A_HANDLER = """
import signal, threading, time
signal.signal(signal.SIGTERM, lambda *_: time.sleep(5))
began, thread = time.time(), threading.Thread(target=time.sleep, args=(1,))
thread.start()
while thread.is_alive():
    thread.join(0.1)
print("joined", round(time.time() - began, 2))
"""


def test_a_lock_that_is_released_as_the_wait_for_it_ends_is_free(host: TinyHost) -> None:
    assert host.fly(SAME_INSTANT) in ("True False True\n", "False True True\n")


def test_a_lock_may_be_released_while_a_handler_holds_up_who_no_longer_waits(
    host: TinyHost,
) -> None:
    assert host.fly(OVER_IN_A_HANDLER, signals=((10.05, 15),)) == "joined 5.05\n"


STALE = """
import queue, threading, time
lock, condition, full = threading.Lock(), threading.Condition(), queue.Queue()
lock.acquire()
def give():
    time.sleep(1); lock.release()
    time.sleep(30)
    with condition: condition.notify()
    time.sleep(30); full.put("item")
threading.Thread(target=give).start()
def told():
    with condition: return condition.wait(20)
for wait in (lambda: lock.acquire(True, 5), told, lambda: full.get(timeout=20)):
    result = wait(); before = time.monotonic(); time.sleep(25)
    print(result, before, time.monotonic() - before)
"""


def test_a_limit_that_was_not_reached_shortens_no_later_sleep(host: TinyHost) -> None:
    # A timer stays until its time though what it limited has ended well; a strand's waiter is used
    # again and again, but not while such a timer refers to it.
    expect = "True 11.0 25.0\nTrue 41.0 25.0\nitem 71.0 25.0\n"
    assert expect == host.fly(STALE)


NOTIFIED = """
import signal, threading, time
condition = threading.Condition()
try: condition.wait(1)
except RuntimeError as error: print(error, flush=True)
def handler(number, frame): raise TimeoutError(time.monotonic())
def wait(name, limit):
    with condition:
        with condition: print(name, condition.wait(limit), time.monotonic(), flush=True)
for name, limit in (("a", 3), ("b", None), ("c", 50), ("d", None)):
    threading.Thread(target=wait, args=(name, limit)).start()
signal.signal(signal.SIGALRM, handler); signal.alarm(2)
try:
    with condition: condition.wait()
except TimeoutError as error: print("raised", error, condition._is_owned())
time.sleep(3)
with condition: condition.notify(2)
time.sleep(5)
with condition: condition.notify_all()
"""


def test_a_condition_tells_those_who_wait_in_the_order_of_waiting(host: TinyHost) -> None:
    expect = "raised 12.0 False\na False 13.0\nb True 15.0\nc True 15.0\nd True 20.0\n"
    assert "cannot wait on un-acquired lock\n" + expect == host.fly(NOTIFIED)
