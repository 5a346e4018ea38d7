"""``flightsim verify --site``: the report of a simulated site, and what is no site."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fakesites.sitespec import load_site
from fakesites.sitespec import site_names
from harness.cli import main
from harness.cli._exit_codes import USAGE
from harness.siteverify_bridge.vantage import NodeVantage
from harness.siteverify_bridge.world import Place
from harness.siteverify_bridge.world import options_for
from harness.siteverify_bridge.world import settings_for
from harness.siteverify_bridge.world import small_world
from siteverify import Status
from siteverify import run_checks
from siteverify.checks import CHECKS

ROOT = Path(__file__).resolve().parents[3]
OPEN_QUEUES = [
    queue.name
    for site in site_names()
    for queue in load_site(site).queues
    if queue.status in ("online", "test")
]
Capture = pytest.CaptureFixture[str]


def test_a_healthy_site_is_reported_in_the_layout_of_site_verify() -> None:
    command = [sys.executable, "-m", "harness.cli", "verify", "--site", "BNL_ITB"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    lines = done.stdout.splitlines()
    assert (0, "") == (done.returncode, done.stderr)
    assert [
        "=" * 79,
        "Info: Site verification initiated at Sun Mar  1 08:00:00 2026 GMT.",
    ] == lines[:2]
    assert " Begin acas1701.bnl.sim at Sun Mar  1 08:00:00 2026 GMT " == lines[4].strip("-")
    assert [f"Checking {check.title}: PASS" for check in CHECKS.values()] == [
        line.split(";")[0] for line in lines if line.startswith("Checking ")
    ]
    assert "Info: 34 checks: 34 PASS; exit code 0." == lines[-1]


@pytest.mark.parametrize("name", [*OPEN_QUEUES, *site_names()])
def test_every_open_queue_of_the_catalogue_is_healthy(name: str, capsys: Capture) -> None:
    assert 0 == main(["verify", "--site", name])
    assert "34 PASS; exit code 0." in capsys.readouterr().out


def test_a_site_stands_for_its_first_queue(capsys: Capture) -> None:
    main(["verify", "--site", "BNL", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert ("BNL", "BNL_ATLAS_1") == (report["site"], report["queue"])


def test_two_reports_of_a_site_are_the_same(capsys: Capture) -> None:
    reports = []
    for _ in range(2):
        main(["verify", "--site", "BNL_ITB", "--format", "json"])
        reports.append(capsys.readouterr().out)
    assert reports[0] == reports[1]


def test_arguments_are_those_of_siteverify(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "report.xml"
    words = ["--format", "junit", "--profile", "quick", "--output", str(path)]
    assert 0 == main(["verify", "--site", "BNL_ITB", *words])
    assert "" == capsys.readouterr().out
    suite = ElementTree.parse(path).getroot()[0]
    quick = sum(check.quick for check in CHECKS.values())
    assert (str(quick), "0", "acas1701.bnl.sim") == (
        suite.get("tests"),
        suite.get("failures"),
        suite.get("hostname"),
    )


@pytest.mark.parametrize(
    ("words", "code", "check", "reason"),
    [
        (["--queue", "BNL_NONE"], 2, "panda.queue.known", "QUEUE_UNKNOWN"),
        (["--server-url=http://pandaserver.sim:1/"], 2, "net.fw.out", "CONNECT_REFUSED"),
        (["--repository", "sft.cern.ch"], 2, "cvmfs.mounted", "CVMFS_MISSING"),
        (["--cores", "64"], 2, "res.cores", "CORES_FEW"),
        (["--vo", "cms"], 2, "auth.proxy.voms", "VOMS_VO"),
        (["--work-dir", "/srv/nowhere"], 2, "disk.space.work", "DISK_MISSING"),
    ],
)
def test_what_the_caller_expects_goes_over_what_the_site_is(
    words: list[str], code: int, check: str, reason: str, capsys: Capture
) -> None:
    assert code == main(["verify", "--site", "BNL_ITB", *words, "--format", "json"])
    results = {each["check_id"]: each for each in json.loads(capsys.readouterr().out)["results"]}
    assert ("FAIL", reason) == (results[check]["status"], results[check]["reason_code"])


@pytest.mark.parametrize(
    "words", [["--server-url", "http://a.sim/"], ["--server-url=http://a.sim/"]]
)
def test_an_option_that_adds_up_is_the_callers_alone(words: list[str]) -> None:
    options = options_for(Place("BNL", "BNL_ITB"), words)
    assert words == options[-len(words) :]
    assert 1 == sum(option.startswith("--server-url") for option in options)


def test_a_wrong_option_is_siteverifys_to_refuse(capsys: Capture) -> None:
    assert 4 == main(["verify", "--site", "BNL_ITB", "--only", "res.laod"])
    assert "unknown check 'res.laod' - did you mean 'res.load'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("BNL_IBT", "unknown site or queue 'BNL_IBT' — did you mean BNL_ITB or "),
        ("xyzzy", "unknown site or queue 'xyzzy' — there are AGLT2, AGLT2_ITB, BNL, BN"),
    ],
)
def test_an_unknown_site_is_an_error_that_names_the_nearest(
    name: str, said: str, capsys: Capture
) -> None:
    assert USAGE == main(["verify", "--site", name])
    captured = capsys.readouterr()
    assert ("", said) == (captured.out, captured.err[: len(said)])


# -- a queue that is defined and not switched on: its status is "none"

NEXT = Place("BNL", "BNL_ITB_NEXT")


def test_a_queue_of_status_none_is_not_fit(capsys: Capture) -> None:
    assert 2 == main(["verify", "--site", "BNL_ITB_NEXT"])
    report = capsys.readouterr().out
    assert (
        "Checking definition of the PanDA queue: FAIL\n"
        "  no value for status\n"
        '  status: "none"\n'
        "  [panda.queue.known QUEUE_NULL; severity C, owner vo]\n"
    ) in report
    assert (
        "Checking state of the PanDA queue: UNTESTED\n  blocked by panda.queue.known\n"
    ) in report


def test_the_state_of_a_queue_of_status_none_fails_by_itself() -> None:
    alone = replace(CHECKS["panda.queue.state"], depends_on=())
    with small_world(NEXT) as world:
        record = run_checks(NodeVantage(world), settings_for(NEXT), checks={alone.check_id: alone})
    (result,) = record.results
    expect = (Status.FAIL, "QUEUE_STATUS_ODD", 'status is "none", which no pilot knows')
    assert expect == (result.status, result.reason_code, result.summary)
