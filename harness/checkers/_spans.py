"""How long copies took, as processes of their tools and as transfers."""

from __future__ import annotations

from dataclasses import dataclass

from harness.checkers._copies import tool_of
from harness.record import Flight
from simkernel import Event


@dataclass(frozen=True, slots=True)
class Span:
    """One run of a copy tool or one transfer: *owner* is a pilot where that is known."""

    tool: str
    begin: Event
    end: Event | None
    failed: bool
    owner: str


def tool_runs(flight: Flight) -> list[Span]:
    """Return every run of a copy tool that took time."""
    ends: dict[tuple[str, int], list[Event]] = {}
    for event in flight.of("process.exit"):
        ends.setdefault((event.who, event["pid"]), []).append(event)
    spans = []
    for begin in flight.of("process.start"):
        tool = tool_of(begin.get("argv"))
        if tool:
            later = [end for end in ends.get((begin.who, begin["pid"]), []) if end.n > begin.n]
            end = later[0] if later else None
            failed = end is None or bool(end.get("code") or end.get("signal"))
            spans.append(Span(tool, begin, end, failed, str(begin.get("owner"))))
    return spans


def transfers(flight: Flight) -> list[Span]:
    """Return every transfer."""
    ends = {str(event["id"]): event for event in flight.of("transfer.end")}
    spans = []
    for begin in flight.of("transfer.begin"):
        end = ends.get(str(begin["id"]))
        failed = end is None or bool(end.get("code"))
        spans.append(Span(str(begin.get("tool")), begin, end, failed, begin.who))
    return spans
