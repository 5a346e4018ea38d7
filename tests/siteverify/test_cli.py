"""The command line and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from siteverify.cli import main
from tests.siteverify.fake_vantage import PROXY
from tests.siteverify.fake_vantage import QUEUE
from tests.siteverify.fake_vantage import SERVER
from tests.siteverify.fake_vantage import WORK
from tests.siteverify.fake_vantage import FakeVantage

HERE = [
    "--queue",
    QUEUE,
    "--queuedata-url",
    "http://pandaserver.sim:25085/cache/schedconfig/{pandaqueue}.all.json",
    "--server-url",
    SERVER,
]


def call(*words: str, vantage: FakeVantage | None = None) -> int:
    return main([*HERE, *words], vantage or FakeVantage())


def full_node() -> FakeVantage:
    vantage = FakeVantage()
    vantage.set_space(WORK, free_bytes=0)
    return vantage


def warning_node() -> FakeVantage:
    vantage = FakeVantage()
    vantage.load_average = 99.0
    return vantage


def mute_node() -> FakeVantage:
    vantage = FakeVantage()
    del vantage.resource_limits["nofile"]
    return vantage


def test_a_healthy_node_gives_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == call()
    assert "exit code 0.\n" == capsys.readouterr().out[-13:]


def test_a_warning_counts_only_if_the_caller_is_strict() -> None:
    assert 0 == call(vantage=warning_node())
    assert 1 == call("--strict", vantage=warning_node())


def test_nagios_has_its_own_code_for_a_warning() -> None:
    assert 1 == call("--format", "nagios", vantage=warning_node())


def test_a_failure_gives_two() -> None:
    assert 2 == call(vantage=full_node())


def test_a_check_that_cannot_tell_gives_three() -> None:
    assert 3 == call(vantage=mute_node())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--only", "disk.space.wrk"], "unknown check 'disk.space.wrk' - did you mean"),
        (["--format", "yaml"], "invalid choice: 'yaml'"),
        (["--profile", "fast"], "invalid choice: 'fast'"),
        (["--cores", "many"], "invalid int value: 'many'"),
        (["--cores", "-1"], "setting 'cores' must be a number, zero or more"),
        (["--frmat", "json"], "unrecognized arguments: --frmat json"),
        (["--settings", "/nowhere.json"], "cannot read /nowhere.json"),
        (["--exemptions", "/nowhere.json"], "cannot read /nowhere.json"),
        (["--output", "/nowhere/report"], "cannot write /nowhere/report"),
        (["--queuedata-url", "ftp://x/y"], "not an http or https URL: 'ftp://x/y'"),
    ],
)
def test_a_wrong_call_gives_four_and_says_why(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 4 == call(*words)
    captured = capsys.readouterr()
    assert message in captured.err
    assert "" == captured.out


def test_an_address_without_a_queue_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert 4 == main(["--queuedata-url", "http://x/y"], FakeVantage())
    assert "--queuedata-url needs --queue" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_asking_for_help_is_no_error(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main([option], FakeVantage())
    assert "siteverify" in capsys.readouterr().out


def test_list_shows_the_checks_of_the_profile(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == call("--list", "--profile", "quick")
    lines = capsys.readouterr().out.splitlines()
    assert "disk.space.work          C  site     quick" in "\n".join(lines)
    assert not any(line.startswith("disk.write.real") for line in lines)


def test_a_report_goes_where_it_is_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "report.xml"
    assert 2 == call("--format", "junit", "--output", str(path), vantage=full_node())
    assert "1" == ElementTree.parse(path).getroot()[0].get("failures")
    assert "" == capsys.readouterr().out


def test_a_report_that_finds_the_disk_full_goes_to_standard_output(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert 2 == call("--format", "nagios", "--output", "/dev/full", vantage=full_node())
    captured = capsys.readouterr()
    assert captured.out.startswith("SITEVERIFY CRITICAL - disk.space.work DISK_FULL")
    assert "cannot write /dev/full" in captured.err


def test_options_go_before_the_file_of_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "site.json"
    path.write_text(json.dumps({"cores": 99, "repositories": [], "space_warn_bytes": 3e12}))
    words = ("--settings", str(path), "--cores", "2", "--format", "json")
    assert 0 == call(*words)
    results = {r["check_id"]: r for r in json.loads(capsys.readouterr().out)["results"]}
    assert ("PASS", 2) == (results["res.cores"]["status"], results["res.cores"]["threshold"])
    assert ("SKIP", "WARN") == (
        results["cvmfs.mounted"]["status"],
        results["disk.space.work"]["status"],
    )


def test_an_exemption_turns_a_failure_into_zero(tmp_path: Path) -> None:
    path = tmp_path / "exemptions.json"
    entry = {
        "check": "disk.space.work",
        "reason": "cleaning",
        "owner": "site admins",
        "expires": "2010-03-01",
    }
    path.write_text(json.dumps([entry]))
    assert 0 == call("--exemptions", str(path), vantage=full_node())


def test_only_runs_what_was_named(capsys: pytest.CaptureFixture[str]) -> None:
    vantage = full_node()
    del vantage.stats[PROXY]
    assert 0 == call("--only", "res.nofile", "--only", "res.load", vantage=vantage)
    assert "Info: 2 checks: 2 PASS; exit code 0." in capsys.readouterr().out
