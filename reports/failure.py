"""The failure block: what was violated, when, for which job, and how to see it again.

FAIL  hanging-transfer · core · seed 7
  violated  heartbeat-gap: no update for 2 h 10 min while staging in
            at 2h10m12s (2026-03-01T10:10:12Z) · job 6000000001 · events 112, 845
  unmet     job state: expected failed, actual running
  repeat    flightsim run hanging-transfer --pilot core --seeds 7
  look      runs/hanging-transfer/core-7
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from typing import Iterator
from typing import Mapping

from reports.terminal import one_line
from reports.terminal import paint
from reports.wording import MARKS
from reports.wording import Verdict
from reports.wording import duration_text
from reports.wording import name_of
from reports.wording import violations
from simkernel import HarnessError
from simkernel import utc_text
from simkernel.journal import read_lines

FINDINGS_MAX = 20
WITNESSES_MAX = 8
NOTES_MAX = 20
LABEL_WIDTH = len("violated")
JOURNAL = "events.jsonl"
EPOCH_FIELDS = ("epoch", "start")


def failure_block(verdict: Verdict, *, epoch: float | None = None, colours: bool = False) -> str:
    """Return the block of one *verdict* that is no pass; *epoch* is its start in POSIX seconds."""
    state = str(verdict["state"])
    name = f"{name_of(verdict)} · {verdict['pilot']} · seed {verdict['seed']}"
    title = f"{paint(MARKS[state], state, colours=colours)}  {one_line(name)}"
    return "\n".join([title, *(f"  {line}" for line in _body(verdict, epoch))])


def epoch_of(verdict: Verdict) -> float | None:
    """Return when the flight began, in POSIX seconds, from its journal; None without one."""
    path = Path(str(verdict.get("run_dir") or "")) / JOURNAL
    if not path.is_file():
        return None
    try:
        header = next(read_lines(path), {})
    except HarnessError:
        return None  # a damaged journal is the verdict's to report
    values = (header.get(field) for field in EPOCH_FIELDS)
    return next((float(value) for value in values if isinstance(value, int | float)), None)


def _body(verdict: Verdict, epoch: float | None) -> Iterator[str]:
    found = violations(verdict)
    for finding in found[:FINDINGS_MAX]:
        yield from _labelled("violated", f"{finding['checker']}: {finding['text']}")
        yield from _labelled("", _circumstances(finding, epoch))
    if len(found) > FINDINGS_MAX:
        yield from _labelled("", f"and {len(found) - FINDINGS_MAX} more, in verdict.json")
    for unmet in verdict.get("unmet", ()):
        yield from _labelled("unmet", str(unmet))
    for note in list(verdict.get("notes", ()))[:NOTES_MAX]:
        yield from _labelled("note", str(note))
    for label, field in (("repeat", "rerun"), ("look", "run_dir")):
        if verdict.get(field):
            yield from _labelled(label, str(verdict[field]))


def _circumstances(finding: Mapping[str, Any], epoch: float | None) -> str:
    at_s = float(finding["at_s"])
    instant = f" ({utc_text(epoch + at_s)})" if epoch is not None else ""
    parts = [f"at {duration_text(at_s)}{instant}"]
    if finding.get("job"):
        parts.append(f"job {finding['job']}")
    witnesses = [str(number) for number in finding.get("witnesses", ())]
    if witnesses:
        more = ", …" if len(witnesses) > WITNESSES_MAX else ""
        noun = "event" if len(witnesses) == 1 else "events"
        parts.append(f"{noun} {', '.join(witnesses[:WITNESSES_MAX])}{more}")
    return " · ".join(parts)


def _labelled(label: str, text: str) -> Iterator[str]:
    """Yield *text*, its first line behind *label*, the others below it."""
    for line in re.split(r"[\r\n]+", text.strip()):
        yield f"{label.ljust(LABEL_WIDTH)}  {one_line(line)}".rstrip()
        label = ""
