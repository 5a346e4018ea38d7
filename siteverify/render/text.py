"""The report in the layout of site_verify, which OSG administrators have known for years.

79-column banners, `Checking ...: RESULT`, details indented by two spaces. PASS, FAIL, UNTESTED
(blocked) and NONE (not applicable) are the words of the original; WARN, UNKNOWN and EXEMPT stand
for what it could not say. Unlike the original, value and status are told apart, a failure says
whose it is and what to do, and a line with counts closes the report.
"""

from __future__ import annotations

import textwrap
from datetime import datetime
from datetime import timezone

from siteverify.outcome import Status
from siteverify.results import Evidence
from siteverify.results import Result
from siteverify.results import RunRecord
from siteverify.results import exit_code

WIDTH = 79
INDENT = "  "
OUTPUT_SHOWN = 2  # lines of a command's output
WORDS = {
    Status.PASS: "PASS",
    Status.WARN: "WARN",
    Status.FAIL: "FAIL",
    Status.UNKNOWN: "UNKNOWN",
    Status.SKIP: "NONE",
    Status.BLOCKED: "UNTESTED",
    Status.EXEMPT: "EXEMPT",
}
TROUBLE = (Status.WARN, Status.FAIL, Status.UNKNOWN, Status.EXEMPT)


def render(record: RunRecord, *, strict: bool = False) -> str:
    """Return *record* as text; *strict* only changes the exit code in the last line."""
    begin, end = _date(record.started_at), _date(record.finished_at)
    lines = [
        *_info(f"Site verification initiated at {begin}."),
        *_marked(f" Begin {record.host} at {begin} "),
    ]
    for result in record.results:
        lines += _result(result)
    lines += _marked(f" End {record.host} at {end} ")
    lines += _info(f"Site verification completed at {end}.")
    lines.append(_closing(record, strict=strict))
    return "\n".join(lines) + "\n"


def _info(text: str) -> list[str]:
    return ["=" * WIDTH, f"Info: {text}", "=" * WIDTH]


def _marked(text: str) -> list[str]:
    return ["-" * WIDTH, text.center(WIDTH, "-"), "-" * WIDTH]


def _date(posix: float) -> str:
    return f"{datetime.fromtimestamp(posix, timezone.utc).ctime()} GMT"


def _result(result: Result) -> list[str]:
    lines = [f"Checking {result.title}: {WORDS[result.status]}{_value(result)}"]
    if result.status is Status.BLOCKED:
        return lines + _indented(f"blocked by {result.blocked_by}")
    if result.status is not Status.PASS:
        lines += _indented(result.summary)
    for detail in result.details:
        lines += _indented(detail)
    if result.status in TROUBLE:
        lines += _explanation(result)
    return lines


def _value(result: Result) -> str:
    if result.status is not Status.PASS or result.measured is None:
        return ""
    value = result.measured
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return f"; {text} {result.unit}".rstrip()


def _explanation(result: Result) -> list[str]:
    lines = _indented(
        f"[{result.check_id} {result.reason_code}; severity {result.severity.value},"
        f" owner {result.owner.value}]"
    )
    telling = [note for note in result.evidence if _is_telling(note, result)]
    for note in telling[-1:]:  # the last question that went wrong is the one that decided
        lines += _evidence(note)
    if result.remedy is None or result.status is Status.EXEMPT:
        return lines
    lines += _indented(f"remedy: {result.remedy.text}")
    lines += [f"{INDENT * 2}{command}" for command in result.remedy.commands]
    return lines + ([f"{INDENT * 2}{result.remedy.url}"] if result.remedy.url else [])


def _is_telling(note: Evidence, result: Result) -> bool:
    told = (result.summary, *result.details)
    if note.error:
        return not any(note.error in line for line in told)
    return note.code not in (None, 0, 200)


def _evidence(note: Evidence) -> list[str]:
    how = note.error or f"code {note.code} after {note.seconds:.1f} s"
    output = (note.stderr_tail or note.stdout_tail).splitlines()[-OUTPUT_SHOWN:]
    line = how if note.what in how else f"{note.what}: {how}"
    return _indented(line) + [f"{INDENT * 2}{line}"[:WIDTH] for line in output]


def _indented(text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT, break_on_hyphens=False
    )


def _closing(record: RunRecord, *, strict: bool) -> str:
    counts = record.counts()
    parts = [f"{counts[status]} {WORDS[status]}" for status in Status if counts[status]]
    total, code = len(record.results), exit_code(record, strict=strict)
    return f"Info: {total} checks: {', '.join(parts)}; exit code {code}."
