"""Fly many flights, one after another or several at once, and give their verdicts in order.

One process flies one flight at a time. A flight that breaks is a verdict like any other; what
is finished when the user interrupts is not lost.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import traceback
from collections import deque
from concurrent.futures import Future
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from types import TracebackType
from typing import Any
from typing import Callable
from typing import Iterator
from typing import Protocol
from typing import Sequence

from harness.manner import PLAIN
from harness.manner import Manner
from harness.pilots import PilotChoice
from harness.rerun import rerun_line
from harness.scenario import Scenario
from harness.verdict import Verdict
from simkernel import FlightsimError

Progress = Callable[[str, float], None]
VerdictDict = dict[str, Any]

STOP_GRACE_S = 10.0
MANY = 16
"""Flights of which several at once are worth it: each process has to begin, and tells less."""


@dataclass(frozen=True, slots=True)
class Order:
    """One flight: *runs* is the folder of run directories, *python* the pilot's interpreter."""

    scenario: Scenario
    pilot: PilotChoice
    seed: int
    runs: Path
    python: str | None = None
    manner: Manner = PLAIN

    @property
    def rerun(self) -> str:
        """The command line that repeats it."""
        return rerun_line(
            self.scenario,
            self.pilot,
            seed=self.seed,
            python=self.python,
            schedule=self.manner.schedule.text,
        )


class Fleet(Protocol):
    """Flights under way. Leaving its context ends those that are not over."""

    def __enter__(self) -> Fleet: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def verdicts(self) -> Iterator[VerdictDict]:
        """Yield each verdict, in the order of the flights."""

    def finished(self) -> Iterator[VerdictDict]:
        """Yield what is over and was not yielded before: the rest, after an interruption."""


def fleet(orders: Sequence[Order], *, workers: int, progress: Progress | None = None) -> Fleet:
    """Return *orders* as a fleet of *workers* processes; only one alone tells its *progress*."""
    if workers == 1:
        return _Alone(orders, progress)
    return _Several(orders, workers)


def workers_for(orders: Sequence[Order]) -> int:
    """Return how many processes *orders* are worth: of many one a processor that may be used."""
    return 1 if len(orders) < MANY else len(os.sched_getaffinity(0))


def fly_one(order: Order, progress: Progress | None = None) -> VerdictDict:
    """Fly one flight and return its verdict; whatever goes wrong with it makes it *broken*."""
    from harness.flight import fly

    chosen = {"python": order.python} if order.python else {}
    try:
        verdict = fly(
            order.scenario,
            order.pilot,
            seed=order.seed,
            runs=order.runs,
            progress=progress,
            manner=order.manner,
            **chosen,
        )
    except FlightsimError as error:
        return broken(order, str(error))
    except Exception:  # noqa: BLE001 - one broken flight must not take the others with it
        return broken(order, traceback.format_exc())
    return {**verdict.as_dict(), "rerun": order.rerun}


class _Alone:
    """Flights one after another, in this process."""

    def __init__(self, orders: Sequence[Order], progress: Progress | None) -> None:
        self._orders = orders
        self._progress = progress

    def __enter__(self) -> _Alone:
        return self

    def __exit__(self, *reason: object) -> None:
        return None

    def verdicts(self) -> Iterator[VerdictDict]:
        for order in self._orders:
            yield fly_one(order, self._progress)

    def finished(self) -> Iterator[VerdictDict]:
        return iter(())


class _Several:
    """Flights in worker processes: fresh interpreters, so that no flight inherits anything."""

    def __init__(self, orders: Sequence[Order], workers: int) -> None:
        self._pool = ProcessPoolExecutor(
            min(workers, len(orders) or 1),
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin_worker,
        )
        self._waiting: deque[tuple[Order, Future[VerdictDict]]] = deque(
            (order, self._pool.submit(_fly_in_worker, order)) for order in orders
        )

    def __enter__(self) -> _Several:
        return self

    def __exit__(self, *reason: object) -> None:
        unfinished = [future for _, future in self._waiting if not future.done()]
        self._pool.shutdown(wait=not unfinished, cancel_futures=True)
        if unfinished:
            _stop_workers()

    def verdicts(self) -> Iterator[VerdictDict]:
        while self._waiting:
            order, future = self._waiting[0]
            verdict = _verdict(order, future)
            self._waiting.popleft()
            yield verdict

    def finished(self) -> Iterator[VerdictDict]:
        done = [(order, future) for order, future in self._waiting if future.done()]
        for order, future in done:
            if not future.cancelled():
                yield _verdict(order, future)


def _verdict(order: Order, future: Future[VerdictDict]) -> VerdictDict:
    try:
        return future.result()
    except Exception as error:  # noqa: BLE001 - its worker died, the other flights did not
        return broken(order, f"its process died: {error}\nfly it alone, with -n 1")


def _begin_worker() -> None:
    # Ctrl-C reaches the whole process group; the parent decides what becomes of a worker.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _fly_in_worker(order: Order) -> VerdictDict:
    try:
        return fly_one(order)
    except SystemExit:
        # The flight has tidied up behind itself; the pool must not hand us another one.
        os._exit(128 + signal.SIGTERM)


def _stop_workers() -> None:
    """End every worker: politely, so that a flight ends its guests, then without asking."""
    workers = multiprocessing.active_children()
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(STOP_GRACE_S)
        if worker.is_alive():
            worker.kill()


def broken(order: Order, note: str) -> VerdictDict:
    """Return the verdict of a flight that could not be flown, for the reason in *note*."""
    return Verdict(
        state="broken",
        scenario=order.scenario.name,
        variant=order.scenario.variant,
        pilot=order.pilot.label,
        seed=order.seed,
        rerun=order.rerun,
        notes=(note.strip(),),
    ).as_dict()
