"""JUnit XML: one testcase a flight, for CI systems.

*failure* is the pilot's, *error* is ours or nobody's: a broken flight and an inconclusive one are
both errors, told apart by their type, because a green page must mean that pilots passed.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Iterable
from xml.etree import ElementTree as etree

from reports.failure import failure_block
from reports.wording import Verdict
from reports.wording import name_of
from reports.wording import violations_text

SUITE = "flightsim"
TAGS = {"fail": "failure", "broken": "error", "unknown": "error"}
PROPERTIES = ("seed", "pilot", "sha256", "virtual_s", "run_dir", "rerun")

# What XML 1.0 cannot hold at all, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(verdicts: Iterable[Verdict]) -> str:
    """Return the report of *verdicts* as XML text."""
    listed = list(verdicts)
    tags = Counter(TAGS.get(str(each["state"]), "") for each in listed)
    suite = etree.Element(
        "testsuite",
        name=SUITE,
        tests=str(len(listed)),
        failures=str(tags["failure"]),
        errors=str(tags["error"]),
        skipped="0",
        time=_seconds(sum(float(each["wall_s"]) for each in listed)),
    )
    suite.extend([_case(each) for each in listed])
    suites = etree.Element("testsuites", name=SUITE)
    suites.append(suite)
    etree.indent(suites)
    return etree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _case(verdict: Verdict) -> etree.Element:
    case = etree.Element(
        "testcase",
        classname=_clean(f"{SUITE}.{name_of(verdict)}"),
        name=_clean(f"{verdict['pilot']}::seed={verdict['seed']}"),
        time=_seconds(float(verdict["wall_s"])),
    )
    properties = etree.SubElement(case, "properties")
    for name in PROPERTIES:
        value = _clean(str(verdict.get(name, "")))
        etree.SubElement(properties, "property", name=name, value=value)
    tag = TAGS.get(str(verdict["state"]))
    if tag is not None:
        message = _clean(violations_text(verdict) or str(verdict["state"]))
        kind = str(verdict["state"])
        etree.SubElement(case, tag, type=kind, message=message).text = _block(verdict)
    return case


def _block(verdict: Verdict) -> str:
    return _clean(failure_block(verdict))


def _seconds(value: float) -> str:
    return f"{value:.3f}"


def _clean(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
