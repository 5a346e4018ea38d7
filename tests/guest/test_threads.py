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
