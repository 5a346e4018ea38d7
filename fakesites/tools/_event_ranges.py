"""A payload of the event service: takes ranges of events from its pilot, one output each.

Speaks with the pilot through two files of lines in the folder that PILOT_EVENTRANGECHANNEL names,
in the words of AthenaMP, which speaks them over a yampl socket
(pilot3@a090538b:pilot/eventservice/esprocess/esprocess.py#parse_out_message): see
pilotcore/run/channel.py, which is the other end. Each of its cores works on one range at a time.
"""

from __future__ import annotations

import json
from heapq import heappop
from heapq import heappush
from random import Random
from typing import Any
from typing import Callable
from typing import Generator

from fakesites.contents import PREFIX_LIMIT
from fakesites.payload import EventModel
from fakesites.tools import ToolCall

Work = Generator[Any, Any, int]
Sleep = Callable[[float], Generator[Any, Any, None]]

VARIABLE = "PILOT_EVENTRANGECHANNEL"
READY, NO_MORE = "Ready for events", "No more events"
POLL_S = 5.0
NO_CHANNEL = 65


class Talk:
    """The payload's end of the channel."""

    def __init__(self, call: ToolCall, folder: str) -> None:
        self._files = call.node.files
        self._folder = folder
        self._read = 0

    def say(self, line: str) -> None:
        """Say *line* to the pilot."""
        self._files.write(f"{self._folder}/to_pilot", f"{line}\n".encode(), append=True)

    def hear(self) -> list[str]:
        """Return what the pilot has said since the last time."""
        data = self._files.read(f"{self._folder}/to_payload")[self._read :]
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        return whole.decode("utf-8", "replace").splitlines()


def process_events(
    call: ToolCall, model: EventModel, *, cores: int, sleep: Sleep, rng: Random
) -> Work:
    """Take ranges until there are no more; return 0, or a code if there is nobody to ask.

    *sleep* sleeps until an instant of the node's clock.
    """
    folder = call.env.get(VARIABLE, "")
    if not folder:
        call.err(f"flightsim-payload: {VARIABLE} is not set\n")
        return NO_CHANNEL
    call.node.at_work += 1  # what it does depends on what its pilot writes
    try:
        yield from _rounds(call, model, Talk(call, folder), cores=cores, sleep=sleep, rng=rng)
    finally:
        call.node.at_work -= 1
    return 0


def _rounds(
    call: ToolCall, model: EventModel, talk: Talk, *, cores: int, sleep: Sleep, rng: Random
) -> Generator[Any, Any, None]:
    clock = call.node.clock
    busy: list[tuple[float, int, str]] = []
    asked = given = 0
    more = True
    while more or busy:
        while more and len(busy) + asked < cores:
            talk.say(READY)
            asked += 1
        for line in talk.hear():
            asked -= 1
            if line == NO_MORE:
                more = False
            else:
                given += 1
                heappush(busy, (clock.now + model.seconds, given, _range_of(line)))
        soonest = [busy[0][0]] if busy else []
        if more or not busy:
            soonest.append(clock.now + POLL_S)
        yield from sleep(min(soonest))
        while busy and busy[0][0] <= clock.now:
            _, number, name = heappop(busy)
            talk.say(_outcome(call, model, number, name, rng))


def _range_of(line: str) -> str:
    return str(json.loads(line)[0]["eventRangeID"])


def _outcome(call: ToolCall, model: EventModel, number: int, name: str, rng: Random) -> str:
    """Leave the output of a range, and return what is to be said of it."""
    prefix = rng.randbytes(min(model.bytes, PREFIX_LIMIT))
    if number in model.failing:
        return f"ERR_ATHENAMP_PROCESS {name}: Failed to process event range"
    output = f"HITS.{name}.root"
    call.node.files.write_sparse(call.path(output), prefix, model.bytes)
    seconds = round(model.seconds)
    return f"{call.path(output)},ID:{name},CPU:{seconds},WALL:{seconds}"
