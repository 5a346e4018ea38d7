"""What the threads of a pilot that makes no progress wait for, and what happened last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from typing import Iterable
from typing import Iterator
from typing import Mapping

from reports.terminal import one_line
from reports.wording import Verdict
from reports.wording import duration_text
from simkernel import HarnessError
from simkernel.journal import read_lines

JOURNAL = "events.jsonl"
STUCK = "guest.stuck"
LINES_MAX = 60
WIDTH_MAX = 160


def stack_lines(stuck: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what the events *stuck* say: for each pilot why, then all its stacks."""
    for event in stuck:
        yield f"{event['who']} at {duration_text(float(event['t']))}: {one_line(str(event['why']))}"
        lines = str(event.get("stacks") or "").splitlines()
        for line in lines[:LINES_MAX]:
            yield f"  {one_line(line)}"
        if len(lines) > LINES_MAX:
            yield f"  and {len(lines) - LINES_MAX} lines more, in {JOURNAL}"


def stacks_of(verdict: Verdict) -> list[str]:
    """Return the stacks that the journal of a flight holds; nothing if it was never stuck."""
    if verdict.get("state") == "pass":
        return []
    path = Path(str(verdict.get("run_dir") or "")) / JOURNAL
    if not path.is_file():
        return []
    try:
        events = [line for line in read_lines(path) if line.get("what") == STUCK]
    except HarnessError:
        return []  # a damaged journal is the verdict's to report
    return list(stack_lines(event for event in events if event.get("stacks")))


def journal_lines(events: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield one line for each of the last *events*: when, who, what, and the rest as it fits."""
    for event in events:
        rest = {key: event[key] for key in event if key not in ("t", "n", "who", "what")}
        text = json.dumps(rest, ensure_ascii=False)
        line = (
            f"{duration_text(float(event['t'])):>10}  {event['who']:10} {event['what']:16} {text}"
        )
        yield one_line(line)[:WIDTH_MAX]
