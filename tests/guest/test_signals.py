"""Signals reach the main thread at their instant, and may block there."""

from __future__ import annotations

from tests.guest.tiny_host import TinyHost


def test_a_handler_runs_at_the_instant_and_the_sleep_goes_on_after_it(host: TinyHost) -> None:
    program = """
import signal, time
def handler(number, frame):
    print(number, time.monotonic()); time.sleep(20); print("handled", time.monotonic())
signal.signal(signal.SIGTERM, handler)
time.sleep(100); print("slept", time.monotonic())
"""
    output = host.fly(program, signals=((50.0, 15),))
    assert "15 50.0\nhandled 70.0\nslept 110.0\n" == output


def test_a_handler_runs_at_once_where_other_threads_keep_the_clock_busy(host: TinyHost) -> None:
    # Threads switch to each other at once there, without the hub: it is their time that goes on.
    program = """
import signal, threading, time
def tick():
    for _ in range(1000): time.sleep(0.09)
def handler(number, frame):
    print(number, time.monotonic()); time.sleep(1); print("handled", time.monotonic())
signal.signal(signal.SIGTERM, handler)
thread = threading.Thread(target=tick); thread.start()
for _ in range(4): time.sleep(7.25)
thread.join(3.5)
print("joined", time.monotonic())
"""
    output = host.fly(program, signals=((20.0, 15), (40.0, 15)))
    assert "15 20.0\nhandled 21.0\n15 40.0\nhandled 41.0\njoined 42.5\n" == output


def test_a_handler_may_wait_for_a_thread(host: TinyHost) -> None:
    program = """
import signal, threading, time
done = threading.Event()
def work():
    time.sleep(80); done.set()
signal.signal(signal.SIGTERM, lambda n, f: print(done.wait(180), time.monotonic()))
threading.Thread(target=work).start()
time.sleep(60); print(time.monotonic())
"""
    assert "True 90.0\n90.0\n" == host.fly(program, signals=((30.0, 15),))


def test_without_a_handler_sigterm_ends_the_program_at_once(host: TinyHost) -> None:
    program = "import time, atexit; atexit.register(print, 'never'); time.sleep(100)"
    assert "" == host.fly(program, signals=((50.0, 15),))
    assert (0, 15) == host.outcome
    assert 50.0 == host.now


def test_a_second_signal_nests(host: TinyHost) -> None:
    program = """
import signal, time
def handler(number, frame):
    print("in", number, time.monotonic()); time.sleep(30); print("out", number, time.monotonic())
for each in (10, 15): signal.signal(each, handler)
time.sleep(100)
"""
    output = host.fly(program, signals=((20.0, 15), (30.0, 10)))
    assert "in 15 20.0\nin 10 30.0\nout 10 60.0\nout 15 60.0\n" == output


def test_an_exception_out_of_a_handler_reaches_the_blocked_call(host: TinyHost) -> None:
    program = """
import signal, threading, time
def handler(number, frame): raise TimeoutError("alarm")
signal.signal(signal.SIGALRM, handler)
lock = threading.Lock(); lock.acquire()
signal.alarm(30)
try: lock.acquire()
except TimeoutError as error: print(error, time.monotonic())
lock.release(); print(lock.acquire(timeout=1))
"""
    assert "alarm 40.0\nTrue\n" == host.fly(program)


def test_a_program_may_signal_itself(host: TinyHost) -> None:
    program = """
import os, signal
signal.signal(signal.SIGUSR1, lambda n, f: print("got", n))
os.kill(os.getpid(), signal.SIGUSR1)
"""
    assert "got 10\n" == host.fly(program)
