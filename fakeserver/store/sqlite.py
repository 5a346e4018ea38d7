"""The store: one sqlite3 database with the records of the model and the lines of the journal.

What one request changed is one transaction, committed before its answer leaves. Committed means
written to the file (write-ahead log): it survives the process, however that ends. To survive the
machine as well, *fsync* waits for the disk, which costs milliseconds a request.
Not modelled: the tables of the real server's database; a record is JSON under room and key.
"""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any
from typing import Iterable
from typing import Iterator
from typing import Sequence

from fakeserver.keeping import Change
from fakeserver.store.claim import Claim
from simkernel import HarnessError
from simkernel import ScenarioError

FORMAT = 1
# Makes ``file`` and sqlite3 tell this database from others.
APPLICATION_ID = 0x50414E44
LINES_MAX = 2_000_000
"""Lines of the journal that are kept; older ones go, a good thousand at a time."""
PRUNE_EVERY = 1024
DEPTH = 200_000
"""Lines that are searched for a job."""

SCHEMA = """
    CREATE TABLE IF NOT EXISTS records (
        room TEXT NOT NULL, key TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (room, key)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS journal (n INTEGER PRIMARY KEY, line TEXT NOT NULL);
"""
_encode = json.JSONEncoder(separators=(",", ":")).encode


class Store:
    """Records by room and key, and the journal; to be used by one thread at a time."""

    def __init__(
        self, connection: sqlite3.Connection, *, path: Path | None, claim: Claim | None
    ) -> None:
        self._connection = connection
        self._claim = claim
        self.path = path
        self._next = self._first_free()
        self._pruned = self._next

    @property
    def durable(self) -> bool:
        """Tell whether anything outlives the process."""
        return self.path is not None

    @property
    def next_line(self) -> int:
        """Return the number of the journal's next line."""
        return self._next

    def commit(self, changes: Iterable[Change], lines: Sequence[str] = ()) -> None:
        """Write *changes* and append *lines* to the journal, all of it or nothing.

        Raises HarnessError when that cannot be done, e.g. because the disk is full.
        """
        gone: list[tuple[str, str]] = []
        kept: list[tuple[str, str, str]] = []
        for change in changes:
            if change.content is None:
                gone.append((change.room, change.key))
            else:
                kept.append((change.room, change.key, _encode(change.content)))
        if not kept and not gone and not lines:
            return
        try:
            self._write(kept, gone, [(self._next + i, plain(line)) for i, line in enumerate(lines)])
        except sqlite3.Error as error:
            raise HarnessError(f"the store cannot be written: {error}", where=self._name) from error
        self._next += len(lines)

    def records(self) -> Iterator[Change]:
        """Yield every record, by room and key."""
        rows = self._connection.execute("SELECT room, key, content FROM records ORDER BY room, key")
        for room, key, content in rows:
            yield Change(room, key, json.loads(content))

    def room(self, name: str) -> dict[str, Any]:
        """Return the records of one room by key."""
        rows = self._connection.execute(
            "SELECT key, content FROM records WHERE room = ? ORDER BY key", (name,)
        )
        return {key: json.loads(content) for key, content in rows}

    def lines(self, *, after: int = -1, count: int = 1000) -> list[tuple[int, str]]:
        """Return at most *count* lines of the journal after number *after*, with their numbers."""
        rows = self._connection.execute(
            "SELECT n, line FROM journal WHERE n > ? ORDER BY n LIMIT ?", (after, count)
        )
        return rows.fetchall()

    def about(self, job: int, *, count: int) -> list[tuple[int, str]]:
        """Return the last lines of the journal that name *job*, at most *count*, in order.

        Lines that are too far back are not looked at: nobody reads pages for the archive.
        """
        rows = self._connection.execute(
            "SELECT n, line FROM journal WHERE n >= ? AND instr(line, ?) ORDER BY n DESC LIMIT ?",
            (self._next - DEPTH, f'"job":{job},', count),
        )
        return rows.fetchall()[::-1]

    def close(self) -> None:
        """End; what was committed stays."""
        self._connection.close()
        if self._claim is not None:
            self._claim.close()

    @property
    def _name(self) -> str:
        return str(self.path or "memory")

    def _first_free(self) -> int:
        (last,) = self._connection.execute("SELECT max(n) FROM journal").fetchone()
        return 0 if last is None else int(last) + 1

    def _write(
        self,
        kept: Sequence[tuple[str, str, str]],
        gone: Sequence[tuple[str, str]],
        lines: Sequence[tuple[int, str]],
    ) -> None:
        with self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", kept)
            connection.executemany("DELETE FROM records WHERE room = ? AND key = ?", gone)
            connection.executemany("INSERT INTO journal VALUES (?, ?)", lines)
            if self._next - self._pruned >= PRUNE_EVERY:
                oldest = self._next - LINES_MAX
                connection.execute("DELETE FROM journal WHERE n < ?", (oldest,))
                self._pruned = self._next


def open_store(path: Path | None, *, fsync: bool = False) -> Store:
    """Open the store in the file *path*, made if it is not there; None is memory.

    With *fsync* a commit waits for the disk. Raises ScenarioError for a file that another server
    has, that is no store, or that was written by a later release.
    """
    if path is None:
        return Store(_prepared(sqlite3.connect(":memory:", **_OPTIONS)), path=None, claim=None)
    claim = Claim(path)
    try:
        # It holds credentials that the server hands out: nobody else reads it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(path, **_OPTIONS)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if fsync else 'NORMAL'}")
        return Store(_prepared(connection), path=path, claim=claim)
    except (OSError, sqlite3.Error) as error:
        claim.close()
        raise ScenarioError(f"this is no store: {error}", where=str(path)) from error
    except ScenarioError:
        claim.close()
        raise


# Transactions are begun by hand; the live server's lock takes care of threads.
_OPTIONS: dict[str, Any] = {"isolation_level": None, "check_same_thread": False}


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return *connection* with the tables there. Raises ScenarioError for foreign ones."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (form,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if (application, form) != (APPLICATION_ID, FORMAT) and tables:
        raise ScenarioError(
            "this database is no store of this release", remedy="give another file, or remove it"
        )
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.executescript(SCHEMA)
    return connection


def plain(line: str) -> str:
    """Return a line of JSON as a database takes it: half a surrogate pair becomes its escape."""
    return line.rstrip("\n").encode("utf-8", "backslashreplace").decode()
