"""The report as JUnit XML, for CI systems.

FAIL is a failure, UNKNOWN an error, SKIP, BLOCKED and EXEMPT are skipped, WARN passes with its
text on standard output (a failure where the caller is strict).
"""

from __future__ import annotations

import re
from datetime import datetime
from datetime import timezone
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import SubElement

from siteverify.outcome import Status
from siteverify.results import Result
from siteverify.results import RunRecord

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TAGS = {
    Status.FAIL: "failure",
    Status.UNKNOWN: "error",
    Status.SKIP: "skipped",
    Status.BLOCKED: "skipped",
    Status.EXEMPT: "skipped",
}


def render(record: RunRecord, *, strict: bool = False) -> str:
    """Return *record* as one test suite; with *strict*, a warning is a failure."""
    tags = {**TAGS, Status.WARN: "failure"} if strict else TAGS
    cases = [(result, tags.get(result.status, "")) for result in record.results]
    used = [tag for _, tag in cases]
    suite = Element(
        "testsuite",
        name="siteverify",
        hostname=_clean(record.host),
        tests=str(len(record.results)),
        failures=str(used.count("failure")),
        errors=str(used.count("error")),
        skipped=str(used.count("skipped")),
        time=f"{record.duration_s:.3f}",
        timestamp=_date(record.started_at),
    )
    _properties(suite, record)
    for result, tag in cases:
        _case(suite, result, tag=tag)
    root = Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _properties(suite: Element, record: RunRecord) -> None:
    properties = SubElement(suite, "properties")
    for name in ("suite_version", "catalogue_hash", "profile", "vantage", "site", "queue"):
        value = _clean(str(getattr(record, name)))
        SubElement(properties, "property", name=name, value=value)


def _case(suite: Element, result: Result, *, tag: str) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=f"siteverify.{result.check_id.rpartition('.')[0]}",
        name=result.check_id,
        time=f"{result.duration_s:.3f}",
    )
    message = _clean(f"{result.reason_code}: {result.summary}")
    if tag == "skipped":
        SubElement(case, tag, message=message)
    elif tag:
        problem = SubElement(case, tag, message=message, type=result.reason_code)
        problem.text = _clean(_story(result))
    elif result.status is not Status.PASS:
        SubElement(case, "system-out").text = _clean(_story(result))


def _story(result: Result) -> str:
    lines = [
        f"{result.status.value} {result.reason_code}: {result.summary}",
        f"severity {result.severity.value}, owner {result.owner.value}",
        *result.details,
    ]
    for note in result.evidence:
        how = note.error or ("answered" if note.code is None else f"code {note.code}")
        lines += [f"{note.what}: {how}", *note.stderr_tail.splitlines()]
    if result.remedy is not None:
        lines += [f"remedy: {result.remedy.text}", *result.remedy.commands]
    return "\n".join(lines)


def _clean(text: str) -> str:
    return NOT_XML.sub("?", text)


def _date(posix: float) -> str:
    return datetime.fromtimestamp(posix, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S+00:00")
