"""Every check can fail, and every check can pass."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

import siteverify.checks
from siteverify.checks import CHECKS
from siteverify.outcome import Severity
from siteverify.outcome import Status
from siteverify.results import Result
from siteverify.runner import run_checks
from siteverify.settings import Settings
from siteverify.vantage import Answer
from siteverify.vantage import Limit
from tests.siteverify.breakages import TABLE
from tests.siteverify.breakages import Breakage
from tests.siteverify.fake_vantage import SERVER
from tests.siteverify.fake_vantage import SETTINGS
from tests.siteverify.fake_vantage import FakeVantage

FOLDER = Path(siteverify.checks.__file__).parent
FILES = sorted(path for path in FOLDER.glob("*.py") if path.name != "__init__.py")
# What a healthy node without HTTP proxies has no use for.
NOT_PASSING = {"env.proxyvars": Status.SKIP}
STDLIB_FOR_CHECKS = {"__future__", "datetime", "email", "json", "re", "typing"}


def look(check_id: str, vantage: FakeVantage, settings: Settings = SETTINGS) -> Result:
    """Run one check on its own, whatever the checks that it depends on would say."""
    alone = {check_id: replace(CHECKS[check_id], depends_on=())}
    (result,) = run_checks(vantage, settings, checks=alone).results
    return result


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_check_passes_on_a_healthy_node(check_id: str) -> None:
    result = look(check_id, FakeVantage())
    assert NOT_PASSING.get(check_id, Status.PASS) == result.status, result.summary


def test_a_working_http_proxy_passes() -> None:
    vantage = FakeVantage()
    vantage.variables["http_proxy"] = "http://squid.sim:3128"
    vantage.ports[("squid.sim", 3128)] = None
    assert Status.PASS is look("env.proxyvars", vantage).status


@pytest.mark.parametrize(
    "breakage", TABLE, ids=lambda breakage: f"{breakage.check_id}-{breakage.name}"
)
def test_a_check_notices_what_is_broken(breakage: Breakage) -> None:
    vantage = FakeVantage()
    breakage.do(vantage)
    result = look(breakage.check_id, vantage, breakage.settings)
    expected = (breakage.status, breakage.reason_code, breakage.owner or result.owner)
    assert expected == (result.status, result.reason_code, result.owner), result.summary


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_check_has_a_breakage_that_it_complains_about(check_id: str) -> None:
    complaints = (Status.FAIL, Status.WARN, Status.UNKNOWN)
    assert [] != [row for row in TABLE if row.check_id == check_id and row.status in complaints]


def reason_codes(path: Path) -> set[str]:
    """Return the reason codes of one check; the changing part of a code is a `*`."""
    makers = {"failed", "warned", "unknown", "skipped"}
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    named = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in makers]
    codes = [ast.unparse(call.args[0]) for call in named]
    return {
        re.sub(r"\{.*?\}", "*", code.lstrip("f").strip("'"))
        for code in codes
        if "error." not in code
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_reason_code_has_a_breakage(path: Path) -> None:
    check_id = next(c for c in CHECKS if c.replace(".", "_") == path.stem)
    seen = [row.reason_code for row in TABLE if row.check_id == check_id]
    patterns = {code: re.compile(code.replace("*", ".+")) for code in reason_codes(path)}
    unseen = [code for code in patterns if not any(patterns[code].fullmatch(s) for s in seen)]
    assert [] == unseen


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_check_sees_the_world_through_its_vantage_only(path: Path) -> None:
    roots: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots.add((node.module or "").split(".")[0])
    assert set() == roots - STDLIB_FOR_CHECKS - {"siteverify"}


def test_every_file_is_a_check_and_every_check_a_file() -> None:
    assert sorted(path.stem for path in FILES) == sorted(siteverify.checks.ORDER)
    assert sorted(path.stem for path in FILES) == sorted(c.replace(".", "_") for c in CHECKS)


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_check_can_be_acted_upon(check_id: str) -> None:
    check = CHECKS[check_id]
    assert check.remedy.text.endswith(".")
    assert 79 - len("Checking : UNTESTED") > len(check.title)
    assert re.fullmatch(r"[a-z]+(\.[a-z]+)+", check.check_id)


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_quick_check_depends_on_quick_checks_only(check_id: str) -> None:
    check = CHECKS[check_id]
    slow = [needed for needed in check.depends_on if not CHECKS[needed].quick]
    assert not check.quick or [] == slow


def test_there_are_twenty_checks_and_more_of_every_kind() -> None:
    kinds = {check_id.split(".")[0] for check_id in CHECKS}
    assert 20 <= len(CHECKS)
    assert {"auth", "env", "disk", "sw", "proc", "net", "cvmfs", "res", "panda", "sec"} == kinds
    assert {Severity.CRITICAL, Severity.ERROR, Severity.WARNING} == {
        check.severity for check in CHECKS.values()
    }


def test_a_healthy_node_has_no_findings() -> None:
    record = run_checks(FakeVantage(), SETTINGS)
    assert list(CHECKS) == [result.check_id for result in record.results]
    allowed = (Status.PASS, Status.SKIP)
    assert [] == [r.check_id for r in record.results if r.status not in allowed]


def test_a_threshold_in_a_message_is_the_threshold_of_the_record() -> None:
    vantage = FakeVantage()
    vantage.set_space("/srv/work", free_bytes=0)
    result = look("disk.space.work", vantage)
    assert (0.0, 2.0, "GB") == (result.measured, result.threshold, result.unit)
    assert "0.0 GB free in /srv/work, at least 2 GB are needed" == result.summary


@pytest.mark.parametrize(("ahead_s", "words"), [(300, "300 s slow"), (-300, "300 s fast")])
def test_a_wrong_clock_is_said_to_be_fast_or_slow(ahead_s: float, words: str) -> None:
    vantage = FakeVantage()
    vantage.server_ahead_s = ahead_s
    assert f"this clock is {words}" == look("auth.clock", vantage).summary


def test_a_date_without_a_zone_is_in_utc() -> None:
    vantage = FakeVantage()
    vantage.pages[SERVER] = Answer(200, "alive=yes", {"date": "Fri, 26 Feb 2010 14:00:00 -0000"})
    assert Status.PASS is look("auth.clock", vantage).status


def test_what_is_defined_is_shown_and_what_is_not_is_said() -> None:
    vantage = FakeVantage()
    del vantage.variables["OSG_APP"]
    assert ("$OSG_GRID: /srv/wn-client", "$OSG_APP: not defined") == look(
        "env.osg.defined", vantage
    ).details[:2]


@pytest.mark.parametrize(("soft", "words"), [(None, "unlimited files"), (5000, "5000 files")])
def test_a_limit_on_open_files_is_told(soft: int | None, words: str) -> None:
    vantage = FakeVantage()
    vantage.resource_limits["nofile"] = Limit(soft, None)
    assert words == look("res.nofile", vantage).summary


def test_stray_quotes_and_line_ends_are_shown() -> None:
    vantage = FakeVantage()
    vantage.define_queue(status="'online'\n")
    result = look("panda.queue.state", vantage)
    assert (
        "status is \"'online'\\n\" (with stray quotes or line ends), which no pilot knows"
        == result.summary
    )


def test_a_working_tool_is_enough_where_another_hangs() -> None:
    vantage = FakeVantage()
    hanging = next(row for row in TABLE if row.name == "the tool hangs")
    hanging.do(vantage)
    vantage.commands["arcproxy"] = vantage.commands["openssl"]
    vantage.commands["arcproxy -P /srv/cred/x509up -i validityLeft"] = replace(
        vantage.commands["openssl"], stdout="345600\n"
    )
    assert Status.PASS is look("auth.proxy.lifetime", vantage).status
