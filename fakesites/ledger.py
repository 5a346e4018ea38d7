"""The books of the storage elements, kept from the journal alone.

Reads storage.* and transfer.* events of a journal and says what files lie where, how much space
they take, which of them the catalogue lists, and what was read and written. What a world has must
be what its journal explains; a test compares the two under whatever faults are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Iterable

from fakesites.site_events import STORAGE_DELETE
from fakesites.site_events import STORAGE_READ
from fakesites.site_events import STORAGE_WRITE
from fakesites.site_events import TRANSFER_BEGIN
from fakesites.site_events import TRANSFER_END
from simkernel import Event


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as its storage.write says: *whole* if the copy was not cut."""

    size: int
    adler32: str
    whole: bool


@dataclass(slots=True)
class Account:
    """One storage element: its files by path, and the bytes that passed its doors."""

    files: dict[str, Entry] = field(default_factory=dict)
    written: int = 0
    read: int = 0
    deleted: int = 0

    @property
    def used(self) -> int:
        """Return how many bytes the files take."""
        return sum(entry.size for entry in self.files.values())

    def registered(self) -> list[str]:
        """Return the paths that the catalogue lists: those of whole files."""
        return sorted(path for path, entry in self.files.items() if entry.whole)


@dataclass(slots=True)
class Ledger:
    """The accounts of all elements, the copies that have not ended, and what does not fit."""

    accounts: dict[str, Account] = field(default_factory=dict)
    open_copies: dict[int, str] = field(default_factory=dict)
    puzzles: list[str] = field(default_factory=list)

    def account(self, endpoint: str) -> Account:
        """Return the account of *endpoint*, an empty one if nothing is known of it."""
        return self.accounts.setdefault(endpoint, Account())

    def enter(self, event: Event) -> None:
        """Enter *event*, if it is of a kind that this is about."""
        if event.what == STORAGE_WRITE:
            account = self.account(event["endpoint"])
            before = account.files.get(event["path"])
            account.written += event["bytes"]
            account.deleted += before.size if before else 0
            account.files[event["path"]] = Entry(
                event["bytes"], event["adler32"], event.get("whole", True)
            )
        elif event.what == STORAGE_READ:
            self.account(event["endpoint"]).read += event["bytes"]
        elif event.what == STORAGE_DELETE:
            self._delete(event)
        elif event.what == TRANSFER_BEGIN:
            self.open_copies[event["id"]] = event["tool"]
        elif event.what == TRANSFER_END and self.open_copies.pop(event["id"], None) is None:
            self.puzzles.append(f"{event.n}: copy {event['id']} ended and had not begun")

    def _delete(self, event: Event) -> None:
        account = self.account(event["endpoint"])
        gone = account.files.pop(event["path"], None)
        if gone is None:
            self.puzzles.append(f"{event.n}: {event['path']} was deleted and was not there")
        else:
            account.deleted += gone.size


def ledger_of(events: Iterable[Event]) -> Ledger:
    """Return the books after *events*."""
    ledger = Ledger()
    for event in events:
        ledger.enter(event)
    return ledger
