"""What a payload of the event service and its pilot say to each other, in two files of lines.

The payload finds the folder of these files in PILOT_EVENTRANGECHANNEL. It appends to
``to_pilot`` and reads ``to_payload``; the pilot does it the other way round. A line counts once it
has its end. The words are those of AthenaMP, which speaks them over a yampl socket
(pilot3@a090538b:pilot/eventservice/esprocess/esprocess.py#parse_out_message):

    payload  Ready for events                       one worker has nothing to do
             PATH,ID:RANGE,CPU:SECONDS,WALL:SECONDS  a range is done, its output lies at PATH
             ERR_WHAT RANGE: TEXT                   a range cannot be done
    pilot    [{"eventRangeID": …, "startEvent": …}]  the answer to one that is ready
             No more events                         likewise: there is nothing left for it
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator
from typing import Mapping

VARIABLE = "PILOT_EVENTRANGECHANNEL"
FOLDER = "event_channel"
TO_PILOT, TO_PAYLOAD = "to_pilot", "to_payload"
READY, NO_MORE = "Ready for events", "No more events"
ERROR = re.compile(r"(ERR_[A-Z_]+) ([0-9A-Za-z._-]+): ?(.*)")


@dataclass(frozen=True)
class Message:
    """What a payload says: it is *ready*, or what became of range *name*.

    *output* is the path of what was made of it, empty if it failed, and *text* why.
    """

    ready: bool = False
    name: str = ""
    output: str = ""
    text: str = ""


def parse_message(line: str) -> Message | None:
    """Return what *line* means, None if that cannot be told."""
    if READY in line:
        return Message(ready=True)
    if line.startswith("ERR"):
        match = ERROR.fullmatch(line)
        return Message(name=match[2], text=f"{match[1]} {match[3]}") if match else None
    path, *parts = line.split(",")
    named = dict(part.split(":", 1) for part in parts if ":" in part)
    name = named.get("ID", "")
    return Message(name=name, output=path) if path and name else None


class Channel:
    """The pilot's end, in the folder FOLDER of *directory*."""

    def __init__(self, directory: Path) -> None:
        self.folder = directory / FOLDER
        self._read = 0

    def open(self) -> None:
        """Make the folder and its files. Raises OSError."""
        self.folder.mkdir(exist_ok=True)
        for name in (TO_PILOT, TO_PAYLOAD):
            (self.folder / name).write_text("")

    def receive(self) -> Iterator[str]:
        """Yield the lines that the payload has written since the last time. Raises OSError."""
        data = (self.folder / TO_PILOT).read_bytes()[self._read :]
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.decode("utf-8", errors="replace").splitlines():
            if line.strip():
                yield line.strip()

    def give(self, record: Mapping[str, object]) -> None:
        """Answer one that is ready with a range. Raises OSError."""
        self._send(json.dumps([record]))

    def give_none(self) -> None:
        """Answer one that is ready that nothing is left. Raises OSError."""
        self._send(NO_MORE)

    def _send(self, line: str) -> None:
        with (self.folder / TO_PAYLOAD).open("a", encoding="utf-8") as stream:
            stream.write(f"{line}\n")
