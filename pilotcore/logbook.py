"""The pilot's log: stdout and pilotlog.txt, written line by line.

A disk that is full must not stop the pilot: what cannot be written to the file still goes to
stdout and stays in memory, from where the tail goes into the job's log tarball. Each line has
the name of the module and of the function that says it, as those of pilot3 do.
"""

from __future__ import annotations

import sys
from datetime import datetime
from datetime import timezone
from pathlib import Path
from typing import TextIO
from typing import Tuple

from pilotcore.platform import Platform

LINES_MAX = 20_000
Said = Tuple[float, str, str, str, str]
"""When (POSIX seconds), level, module and function of who said it, and what."""


class Logbook:
    """Writes and remembers the last LINES_MAX lines of one pilot's log.

    Not *shown*: nobody reads along, so that lines are made up when somebody asks for them.
    """

    def __init__(
        self,
        platform: Platform,
        *,
        path: Path | None = None,
        stream: TextIO | None = None,
        shown: bool = True,
    ) -> None:
        self._platform = platform
        self._path = path
        self._stream = sys.stdout if stream is None else stream
        self._shown = shown
        self._lines: list[str | Said] = []
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
        begin = max(0, mark - self._forgotten)
        self._lines[begin:] = map(_line, self._lines[begin:])
        return "".join(map(str, self._lines[begin:]))

    def _write(self, level: str, text: str) -> None:
        frame = sys._getframe(2)
        place = str(frame.f_globals.get("__name__", "")), frame.f_code.co_name
        said = (self._platform.now(), level, *place, text)
        self._lines.append(said)
        if len(self._lines) > LINES_MAX:
            del self._lines[0]
            self._forgotten += 1
        if self._shown:
            self._show(_line(said))

    def _show(self, line: str) -> None:
        try:
            self._stream.write(line)
        except UnicodeEncodeError:
            # A stream of another encoding, or half a character from a tool, stops no pilot.
            self._stream.write(line.encode("ascii", "backslashreplace").decode())
        self._stream.flush()
        self._append(line)

    def _append(self, line: str) -> None:
        if self._path is None:
            return
        try:
            with self._path.open("ab") as target:
                target.write(line.encode("utf-8", "replace"))
        except OSError as error:
            # Said once, on stdout only: a log that cannot be written is no reason to stop.
            if not self.write_error:
                self.write_error = str(error)
                self._stream.write(f"cannot write {self._path.name}: {error}\n")


def _line(said: str | Said) -> str:
    """Return a line of the log, if it is not one already."""
    if isinstance(said, str):
        return said
    posix, level, module, function, text = said
    moment = datetime.fromtimestamp(int(posix), timezone.utc).replace(tzinfo=None)
    place = f"{module.rpartition('pilotcore.')[2]}.{function}"
    return f"{moment} | {level:<7} | {place} | {text.rstrip()}\n"
