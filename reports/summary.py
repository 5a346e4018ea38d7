"""What a whole run of flights came to: one line for people, one page of Markdown for CI."""

from __future__ import annotations

from collections import Counter
from typing import Iterable
from typing import Iterator

from reports.failure import failure_block
from reports.wording import MARKS
from reports.wording import STATES
from reports.wording import Verdict
from reports.wording import count_text
from reports.wording import duration_text
from reports.wording import jobs_text
from reports.wording import name_of
from reports.wording import violations_text

WORDS = {"pass": "passed", "unknown": "unknown", "fail": "failed", "broken": "broken"}

# GitHub refuses a step summary of more than 1024 KiB; what is over is left out, with a word.
PAGE_BYTES_MAX = 1_000_000
FENCE, QUOTES = "```", "'''"
CUT = "\n*…cut here: the page has reached its limit.*"


def totals(verdicts: Iterable[Verdict], *, elapsed_s: float | None = None, planned: int = 0) -> str:
    """Return the last line: how many flights, how they ended, how long they were.

    *elapsed_s* is the real time of all together (several fly at once); *planned* is their
    number, where it is more than those that are over.
    """
    listed = list(verdicts)
    states = Counter(str(each["state"]) for each in listed)
    ended = ", ".join(f"{states[each]} {WORDS[each]}" for each in STATES if states[each])
    virtual = duration_text(sum(float(each["virtual_s"]) for each in listed))
    elapsed = sum(float(each["wall_s"]) for each in listed) if elapsed_s is None else elapsed_s
    count = count_text(len(listed), "flight")
    if planned > len(listed):
        count = f"{len(listed)} of {count_text(planned, 'flight')}"
    return f"{count}: {ended or 'none is over'} ({virtual} flown in {elapsed:.1f}s)"


def markdown(verdicts: Iterable[Verdict], *, limit: int = PAGE_BYTES_MAX) -> str:
    """Return a page of at most *limit* bytes: the totals, a table, the failures."""
    listed = list(verdicts)
    page, size = [], 0
    for part in _parts(listed):
        size += len(part.encode()) + 1
        if size > limit - len(CUT.encode()):
            page.append(CUT)
            break
        page.append(part)
    return "\n".join(page) + "\n"


def _parts(verdicts: list[Verdict]) -> Iterator[str]:
    yield f"### flightsim: {totals(verdicts)}\n"
    yield "| verdict | scenario | pilot | seed | virtual | jobs | violations |"
    yield "|---|---|---|---|---|---|---|"
    # The worst first: a page that is cut must not lose them.
    for each in sorted(verdicts, key=lambda each: -STATES.index(str(each["state"]))):
        yield _row(each)
    for each in verdicts:
        if each["state"] != "pass":
            yield f"\n{FENCE}text\n{failure_block(each).replace(FENCE, QUOTES)}\n{FENCE}"


def _row(verdict: Verdict) -> str:
    cells = (
        MARKS[str(verdict["state"])],
        name_of(verdict),
        str(verdict["pilot"]),
        str(verdict["seed"]),
        duration_text(float(verdict["virtual_s"])),
        jobs_text(verdict),
        violations_text(verdict),
    )
    return f"| {' | '.join(_cell(each) for each in cells)} |"


def _cell(text: str) -> str:
    plain = " ".join(text.split()).replace("`", "'")
    return plain.replace("|", "\\|").replace("<", "&lt;")
