"""The pilot's log: stdout and pilotlog.txt, written line by line.

A disk that is full must not stop the pilot: what cannot be written to the file still goes to
stdout and stays in memory, from where the tail goes into the job's log tarball.
"""

from __future__ import annotations

import sys
from datetime import datetime
from datetime import timezone
from pathlib import Path
from typing import TextIO

from pilotcore.platform import Platform

LINES_MAX = 20_000


class Logbook:
    """Writes and remembers the last LINES_MAX lines of one pilot's log."""

    def __init__(
        self, platform: Platform, *, path: Path | None = None, stream: TextIO | None = None
    ) -> None:
        self._platform = platform
        self._path = path
        self._stream = sys.stdout if stream is None else stream
        self._lines: list[str] = []
        self._forgotten = 0
        self.write_error = ""

    def info(self, text: str) -> None:
        """Say what is being done."""
        self._write("INFO", text)

    def warning(self, text: str) -> None:
        """Say what went wrong without consequence so far."""
        self._write("WARNING", text)

    def error(self, text: str) -> None:
        """Say what failed."""
        self._write("ERROR", text)

    def mark(self) -> int:
        """Return a mark for since(): the lines that follow belong to another job."""
        return self._forgotten + len(self._lines)

    def since(self, mark: int) -> str:
        """Return the text of all lines after *mark* that are still remembered."""
        return "".join(self._lines[max(0, mark - self._forgotten) :])

    def _write(self, level: str, text: str) -> None:
        moment = datetime.fromtimestamp(self._platform.now(), timezone.utc)
        line = f"{moment:%Y-%m-%d %H:%M:%S} | {level:<7} | {text.rstrip()}\n"
        self._lines.append(line)
        if len(self._lines) > LINES_MAX:
            del self._lines[0]
            self._forgotten += 1
        self._stream.write(line)
        self._stream.flush()
        self._append(line)

    def _append(self, line: str) -> None:
        if self._path is None:
            return
        try:
            with open(self._path, "a", encoding="utf-8") as target:
                target.write(line)
        except OSError as error:
            # Said once, on stdout only: a log that cannot be written is no reason to stop.
            if not self.write_error:
                self.write_error = str(error)
                self._stream.write(f"cannot write {self._path.name}: {error}\n")
