"""Outputs of event ranges: packed, stored and reported while the payload goes on.

What has been made since the last time goes into one tarball to the storage for events, at most
once in *gap_s* seconds; a gap of a second is nearly one range a file. A range is reported as
finished when its file is stored, never before, and as failed if that cannot be done.
Read from pilot3@a090538b:pilot/eventservice/workexecutor/plugins/genericexecutor.py.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from typing import Sequence

from pilotcore.data.stage_out import StoredFile
from pilotcore.errors import PilotError
from pilotcore.files import Entry
from pilotcore.files import write_tarball
from pilotcore.logbook import Logbook
from pilotcore.orders import Cancelled
from pilotcore.orders import Orders
from pilotcore.platform import Platform
from pilotcore.platform import Task

PREFIX = "EventService_premerge_"
SUFFIX = ".tar.gz"


@dataclass(frozen=True)
class Made:
    """What was made of the range *name*: the file at *path*."""

    name: str
    path: Path


Store = Callable[[Path, Orders, "float | None"], StoredFile]


class Storing:
    """Stores outputs by *store* on a thread of its own.

    *done* is told of ranges that are stored and where, *failed* of those that cannot be.
    """

    def __init__(
        self,
        platform: Platform,
        log: Logbook,
        *,
        directory: Path,
        store: Store,
        done: Callable[[Sequence[Made], StoredFile], None],
        failed: Callable[[Sequence[Made], PilotError], None],
        gap_s: float,
        orders: Orders,
    ) -> None:
        self._platform = platform
        self._log = log
        self._directory = directory
        self._store = store
        self._done = done
        self._failed = failed
        self._gap_s = gap_s
        self._orders = orders
        self._waiting: list[Made] = []
        self._wake = platform.flag()
        self._over = False
        self._task: Task | None = None

    def begin(self) -> None:
        """Wait for outputs from now on."""
        self._task = self._platform.spawn(self._live, name="event outputs")

    def add(self, made: Made) -> None:
        """Have *made* stored."""
        self._waiting.append(made)
        self._wake.set()

    def finish(self, *, within_s: float) -> None:
        """Store what is left and wait for it.

        After an order there is one attempt more, for what a minute ago was work well done.
        """
        self._over = True
        self._wake.set()
        if self._task is not None:
            self._task.join()
        if self._waiting:
            self._send(Orders(), within_s)

    def _live(self) -> None:
        try:
            with self._orders.waking(self._wake):
                self._store_as_they_come()
        except Cancelled as cancelled:
            self._log.warning(f"outputs of events are no longer stored: {cancelled}")
        except Exception:  # noqa: BLE001
            self._log.error(traceback.format_exc())

    def _store_as_they_come(self) -> None:
        due = self._platform.monotonic()
        while self._waiting or not self._over:
            self._orders.check()
            left_s = due - self._platform.monotonic()
            if not self._waiting:
                self._pause(None)
            elif left_s > 0 and not self._over:
                self._pause(left_s)
            else:
                self._send(self._orders, None)
                due = self._platform.monotonic() + self._gap_s

    def _pause(self, seconds: float | None) -> None:
        self._wake.wait(seconds)
        self._wake.clear()

    def _send(self, orders: Orders, within_s: float | None) -> None:
        """Store all that waits in one file. Raises Cancelled, and then it waits again."""
        bundle, self._waiting = self._waiting, []
        path = self._directory / f"{PREFIX}{bundle[0].name}{SUFFIX}"
        try:
            stored = self._packed_and_stored(bundle, path, orders, within_s)
        except Cancelled:
            self._waiting = bundle + self._waiting
            raise
        except PilotError as error:
            self._log.error(f"{len(bundle)} event ranges are not stored: {error}")
            self._failed(bundle, error)
        else:
            self._done(bundle, stored)
        finally:
            path.unlink(missing_ok=True)
        for made in bundle:
            made.path.unlink(missing_ok=True)

    def _packed_and_stored(
        self, bundle: Sequence[Made], path: Path, orders: Orders, within_s: float | None
    ) -> StoredFile:
        for made in bundle:
            if not made.path.is_file():
                raise PilotError(1165, made.path.name)
        try:
            entries = [Entry(made.path.name, made.path) for made in bundle]
            write_tarball(path, entries, now=self._platform.now())
        except OSError as error:
            raise PilotError(1137, f"{path.name}: {error.strerror or error}") from error
        return self._store(path, orders, within_s)
