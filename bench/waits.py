"""What a wait costs: sleeps, locks, events and queues of the guest runtime, by themselves.

    python -m bench.waits
    python -m bench.waits --compiled

Microseconds of CPU time each, with twelve threads that wait with limits which nothing comes
before, as those of pilot3 do nearly always. The hub runs in this process, with a host that never
interferes: no walls, no wire, no files. Lines are measured one after the other: noisy.
"""

from __future__ import annotations

import _thread
import argparse
import math
import os
import sys
import time
from importlib import import_module
from typing import Any
from typing import Callable

from harness import hotpath

THREADS = 12
ROUNDS = 10_000
cpu_s = time.process_time


class Host:
    """A host that has nothing to say."""

    def note(self, what: str, **fields: Any) -> None:
        """Take no notice."""

    def idle(self, deadline: float | None) -> None:
        """Nothing is ever waited for without a limit."""
        raise AssertionError(f"nobody waits for the host, not until {deadline}")


def waits(queue: Any, threading: Any) -> dict[str, Callable[[float], Any]]:
    """Return, by name, what waits for a number of seconds in vain."""
    held, never = _thread.allocate_lock(), threading.Event()
    held.acquire()
    empty = queue.Queue()

    def get(limit: float) -> None:
        try:
            empty.get(timeout=limit)
        except queue.Empty:
            return

    return {
        "time.sleep": time.sleep,  # noqa: TID251 - the guest's
        "Lock.acquire": lambda limit: held.acquire(True, limit),
        "Event.wait": never.wait,
        "Queue.get": get,
    }


def measure(threading: Any, wait: Callable[[float], Any]) -> float:
    """Return the microseconds of one wait."""

    def work(limit: float) -> None:
        for _ in range(ROUNDS):
            wait(limit)

    workers = [
        threading.Thread(target=work, args=(0.5 + number / 1000,)) for number in range(THREADS)
    ]
    began = cpu_s()
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return (cpu_s() - began) / (ROUNDS * THREADS) * 1e6


def main() -> None:
    """Make this interpreter a guest's, as far as threads and clocks go, and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--compiled", action="store_true", help="with the part in C")
    folder = hotpath.part(sys.executable).folder if parser.parse_args().compiled else None
    hub = import_module("guest.hub").Hub(epoch=1_772_352_000.0, start=0.0, host=Host())
    hub.until = math.inf
    # As in a guest: before anything binds the real locks.
    for name in ("threading", "queue"):
        sys.modules.pop(name, None)
    hub.threads = import_module("guest.concurrency.threads").install(hub)
    hub.clock = import_module("guest.clock.times").install_time(hub)
    if folder is not None:
        compiled = import_module("guest.compiled")
        compiled.install(hub, compiled.load(str(folder)))
    import queue
    import threading

    for name in ("conditions", "queues"):
        import_module(f"guest.concurrency.{name}").install(hub)

    def work() -> None:
        for name, wait in waits(queue, threading).items():
            print(f"{name:14} {measure(threading, wait):6.2f} µs", flush=True)
        hub.over = (0, 0)

    hub.main = hub.spawn(work)
    hub.main.ident = 1000
    hub.run()
    # The interpreter's own end would wait for threads that it does not know.
    os._exit(0)


if __name__ == "__main__":
    main()
