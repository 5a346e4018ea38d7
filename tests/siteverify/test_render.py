"""One record, four readers."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from siteverify.outcome import Status
from siteverify.render import RENDERERS
from siteverify.render import text
from siteverify.results import Exemption
from siteverify.results import RunRecord
from siteverify.runner import run_checks
from siteverify.vantage import HangError
from siteverify.vantage import Ran
from siteverify.vantage import UnreachableError
from tests.siteverify.fake_vantage import NOW
from tests.siteverify.fake_vantage import SERVER
from tests.siteverify.fake_vantage import SETTINGS
from tests.siteverify.fake_vantage import WORK
from tests.siteverify.fake_vantage import FakeVantage

GOLDEN = Path(__file__).parent / "golden" / "report.txt"
DAY_S = 86400


def broken_node() -> RunRecord:
    """Return a run in which every status occurs."""
    vantage = FakeVantage()
    vantage.set_space(WORK, free_bytes=0)
    vantage.listings["/cvmfs/atlas.cern.ch"] = HangError("list /cvmfs/atlas.cern.ch: no answer")
    vantage.pages[SERVER] = UnreachableError(SERVER, "refused")
    vantage.set_proxy(hours=96, voms_hours=48)
    vantage.commands["python3"] = Ran(1, "", "Traceback:\nImportError: No module named '_ssl'\n")
    vantage.user_name = HangError("account of uid 10017: no answer")
    del vantage.resource_limits["nofile"]
    vantage.variables["PATH"] = "/usr/bin:/bin"
    known = Exemption("cvmfs.mounted", "mount is being rebuilt", "site admins", NOW + DAY_S)
    return run_checks(vantage, SETTINGS, exemptions=(known,))


def test_the_text_is_as_administrators_know_it() -> None:
    report = text.render(broken_node())
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(report, encoding="utf-8")
    assert GOLDEN.read_text(encoding="utf-8") == report


def test_every_status_occurs_in_the_golden_report() -> None:
    assert [] == [status for status, count in broken_node().counts().items() if count == 0]


def test_the_banners_are_those_of_site_verify() -> None:
    # Host and date of a published report of 2009, whose lines these are.
    record = replace(
        broken_node(),
        host="iut2-c122.iu.edu",
        started_at=1232545888.0,
        finished_at=1232545915.0,
        results=(),
    )
    lines = text.render(record).splitlines()
    assert [
        "=" * 79,
        "Info: Site verification initiated at Wed Jan 21 13:51:28 2009 GMT.",
        "=" * 79,
        "-" * 79,
        "------------ Begin iut2-c122.iu.edu at Wed Jan 21 13:51:28 2009 GMT -----------",
        "-" * 79,
        "-" * 79,
        "------------- End iut2-c122.iu.edu at Wed Jan 21 13:51:55 2009 GMT ------------",
        "-" * 79,
        "=" * 79,
        "Info: Site verification completed at Wed Jan 21 13:51:55 2009 GMT.",
        "=" * 79,
    ] == lines[:12]


def test_a_root_cause_is_explained_once() -> None:
    report = text.render(broken_node())
    assert 1 == report.count("HTTP_REFUSED")
    assert 1 == report.count("  blocked by net.http.server\n")


def test_junit_has_a_case_for_each_check() -> None:
    record = broken_node()
    suite = ElementTree.fromstring(RENDERERS["junit"](record))[0]
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    counts = record.counts()
    assert [result.check_id for result in record.results] == list(cases)
    assert [str(counts[Status.FAIL]), str(counts[Status.UNKNOWN])] == [
        suite.get("failures"),
        suite.get("errors"),
    ]
    failure = cases["disk.space.work"].find("failure")
    assert failure is not None
    assert "DISK_FULL" == failure.get("type")
    assert cases["cvmfs.mounted"].find("skipped") is not None
    assert cases["auth.proxy.voms"].find("system-out") is not None


def test_junit_counts_a_warning_as_a_failure_where_the_caller_is_strict() -> None:
    report = RENDERERS["junit"](broken_node(), strict=True)
    cases = {case.get("name"): case for case in ElementTree.fromstring(report).iter("testcase")}
    assert cases["auth.proxy.voms"].find("failure") is not None


def test_junit_survives_what_xml_forbids() -> None:
    record = broken_node()
    odd = replace(record.results[0], status=Status.FAIL, summary="a\x00b\x1b[31m\ud800")
    report = RENDERERS["junit"](replace(record, results=(odd,)))
    assert "a?b?[31m?" in report
    ElementTree.fromstring(report)


def test_json_has_the_whole_record() -> None:
    document = json.loads(RENDERERS["json"](broken_node()))
    (disk,) = [r for r in document["results"] if r["check_id"] == "disk.space.work"]
    assert ("FAIL", "C", "site", "DISK_FULL", 0.0, 2.0, "GB") == tuple(
        disk[key]
        for key in (
            "status",
            "severity",
            "owner",
            "reason_code",
            "measured",
            "threshold",
            "unit",
        )
    )
    assert "2010-02-26T14:00:00.000Z" == document["started_at"]
    assert (1, 2, 4) == (
        document["schema_version"],
        document["exit_code"],
        document["counts"]["FAIL"],
    )
    assert "df -h ." in disk["remedy"]["commands"]
    assert f"space {WORK}" == disk["evidence"][0]["what"]


def test_nagios_gets_one_line_with_the_worst_first() -> None:
    line = RENDERERS["nagios"](broken_node())
    assert line.startswith(
        "SITEVERIFY CRITICAL - env.user USER_HANG, env.python PYTHON_BROKEN, disk"
    )
    assert 1 == line.count("\n")
    assert 1 == line.count("|")
    assert " | total=35 pass=" in line
    assert " fail=4 " in line
