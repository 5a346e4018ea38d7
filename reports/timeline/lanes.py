"""What is drawn: the events of a journal as bars in lanes, one lane an actor or a subject.

A bar without a length is a moment. What a lane shows is decided by one small function an event
kind, below; kinds without one are not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Mapping

Event = Mapping[str, Any]

BRIEF_S = 0.5
"""Programs that took less are not drawn: a pilot runs thousands of them."""
LAST_STATES = {"finished": "good", "closed": "idle", "failed": "bad", "cancelled": "bad"}
ORDER = ("job", "", "payload", "copies", "programs", "requests", "signals", "faults")
"""Of lanes, by the first word of their names; a lane with another word is a pilot's."""


@dataclass(slots=True)
class Bar:
    """From *begin_s* to *end_s* (seconds since the start); *tone* is good, bad, busy or idle."""

    begin_s: float
    end_s: float
    label: str
    tone: str
    text: str
    event: int


@dataclass(slots=True)
class Lane:
    """A row of the picture, with its bars in the order in which they began."""

    name: str
    bars: list[Bar] = field(default_factory=list)


class Sketch:
    """Takes the events one by one; what has begun and not ended is open."""

    def __init__(self) -> None:
        self.lanes: dict[str, Lane] = {}
        self.now_s = 0.0
        self._open: dict[tuple[str, object], Bar] = {}

    def take(self, event: Event) -> None:
        """Draw one *event* if it is one to be drawn."""
        self.now_s = max(self.now_s, float(event["t"]))
        draw = PENS.get(str(event["what"]))
        if draw is not None:
            draw(self, event)

    def begin(self, lane: str, key: object, event: Event, label: str, tone: str) -> Bar:
        """Open a bar; one that is open under the same key ends here."""
        self.end(lane, key, event)
        bar = self.moment(lane, event, label, tone)
        self._open[lane, key] = bar
        return bar

    def end(self, lane: str, key: object, event: Event) -> Bar | None:
        """Close the bar that is open under *key*, if there is one."""
        bar = self._open.pop((lane, key), None)
        if bar is not None:
            bar.end_s = float(event["t"])
        return bar

    def moment(self, lane: str, event: Event, label: str, tone: str) -> Bar:
        """Draw a bar without a length."""
        at_s = float(event["t"])
        bar = Bar(at_s, at_s, label, tone, label, int(event["n"]))
        self.lanes.setdefault(lane, Lane(lane)).bars.append(bar)
        return bar

    def close(self) -> list[Lane]:
        """End what is open at the last event; return the lanes that have something to show."""
        for bar in self._open.values():
            bar.end_s = self.now_s
        return sorted((each for each in self.lanes.values() if each.bars), key=_rank)


def lanes_of(events: Iterable[Event]) -> list[Lane]:
    """Return what *events*, the lines of a journal without its header, show."""
    sketch = Sketch()
    for event in events:
        sketch.take(event)
    return sketch.close()


def _rank(lane: Lane) -> tuple[int, str]:
    word = lane.name.split()[0]
    return (ORDER.index(word if word in ORDER else ""), lane.name)


def _job_state(sketch: Sketch, event: Event) -> None:
    lane, state = f"job {event['job']}", str(event["new"])
    tone = LAST_STATES.get(state, "busy" if state in ("starting", "running") else "idle")
    bar = sketch.begin(lane, "state", event, state, tone)
    bar.text = f"{event['old']} → {state}, by {event['by']}" + _because(event)
    if state in LAST_STATES:
        sketch.end(lane, "state", event)


def _pilot_start(sketch: Sketch, event: Event) -> None:
    sketch.begin(str(event["pilot"]), "life", event, "runs", "busy")


def _pilot_exit(sketch: Sketch, event: Event) -> None:
    how = f"signal {event['signal']}" if event["signal"] else f"exit code {event['code']}"
    lane, tone = str(event["pilot"]), "bad" if event["code"] or event["signal"] else "good"
    sketch.end(lane, "life", event)
    sketch.moment(lane, event, how, tone)


def _batch_signal(sketch: Sketch, event: Event) -> None:
    bar = sketch.moment("signals", event, f"signal {event['signal']}", "bad")
    bar.text = f"the batch system: signal {event['signal']} to {event['pilot']}" + _because(event)


def _process_signal(sketch: Sketch, event: Event) -> None:
    bar = sketch.moment("signals", event, f"signal {event['signal']}", "busy")
    bar.text = (
        f"{event['by']}: signal {event['signal']} to process {event['pid']}: {event['result']}"
    )


def _payload_start(sketch: Sketch, event: Event) -> None:
    sketch.begin("payload", event["pid"], event, str(event["job"]), "busy")


def _payload_end(sketch: Sketch, event: Event) -> None:
    bar = sketch.end("payload", event["pid"], event)
    if bar is not None:
        bar.tone = "bad" if event["code"] or event["signal"] else "good"
        bar.text = f"{bar.label}: exit code {event['code']}, signal {event['signal']}"


def _transfer_begin(sketch: Sketch, event: Event) -> None:
    bar = sketch.begin("copies", event["id"], event, str(event["tool"]), "busy")
    bar.text = f"{event['tool']} {event['source']} → {event['target']}"


def _transfer_end(sketch: Sketch, event: Event) -> None:
    bar = sketch.end("copies", event["id"], event)
    if bar is not None:
        bar.tone = "bad" if event["code"] else "good"
        bar.text += f": {event['bytes']} bytes, code {event['code']}" + _because(event)


def _tool_run(sketch: Sketch, event: Event) -> None:
    seconds, code = float(event["seconds"]), int(event["code"])
    if seconds < BRIEF_S and not code:
        return
    name = str(event["argv"][0]).rsplit("/", 1)[-1] if event["argv"] else "?"
    bar = sketch.moment("programs", event, name, "bad" if code else "good")
    bar.begin_s -= seconds
    said = str(event["stderr"]).strip()
    bar.text = f"{' '.join(map(str, event['argv']))}: code {code}" + (f": {said}" if said else "")


def _request(sketch: Sketch, event: Event) -> None:
    name = str(event["endpoint"] or event["path"])
    bar = sketch.begin("requests", event["id"], event, name, "busy")
    bar.text = f"{event['method']} {event['host']}:{event['port']}{event['path']}"


def _answer(sketch: Sketch, event: Event) -> None:
    bar = sketch.end("requests", event["id"], event)
    if bar is not None:
        bar.tone = "bad" if int(event["status"]) >= 400 else "good"
        bar.text += f": {event['status']}"


def _lost(sketch: Sketch, event: Event) -> None:
    bar = sketch.end("requests", event["id"], event)
    if bar is not None:
        bar.tone, bar.text = "bad", f"{bar.text}: no answer, {event['why']}"


def _fault(sketch: Sketch, event: Event) -> None:
    bar = sketch.moment("faults", event, str(event["do"]), "bad")
    bar.text = f"{event['do']} on {event['on']}, call {event['call']}"


def _because(event: Event) -> str:
    why = str(event.get("reason") or event.get("why") or "")
    return f" ({why})" if why else ""


PENS: Mapping[str, Callable[[Sketch, Event], None]] = {
    "batch.signal": _batch_signal,
    "fault.fired": _fault,
    "http.answer": _answer,
    "http.lost": _lost,
    "http.request": _request,
    "job.state": _job_state,
    "payload.end": _payload_end,
    "payload.start": _payload_start,
    "pilot.exit": _pilot_exit,
    "pilot.start": _pilot_start,
    "process.signal": _process_signal,
    "tool.run": _tool_run,
    "transfer.begin": _transfer_begin,
    "transfer.end": _transfer_end,
}
