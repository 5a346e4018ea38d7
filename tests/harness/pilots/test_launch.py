"""Starting a pilot: its options, its environment, and what its own --help takes."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import pytest

from harness.pilots import Installed
from harness.pilots import PilotFacts
from harness.pilots import accepted
from harness.pilots import command_for
from harness.pilots import help_of
from harness.pilots import install
from harness.pilots import needs_help
from harness.pilots import parse_choice
from harness.pilots import store_help
from harness.pilots.launch import lifetime_s
from harness.pilots.options import known_options
from harness.pilots.pilot3 import options_for
from tests.harness.pilots.tiny_pilots import checkout

FACTS = PilotFacts(queue="BNL_ATLAS_1", label="ptest", node="wn001", walltime_s=86_400.0)

HELP_311 = """usage: pilot.py [-h] [--pilot-user PILOT_USER] [-a WORKDIR] -q QUEUE
                [--use-https USE_HTTPS]

This is a pilot - not a real one

options:
  -h, --help            show this help message and exit
  --pilot-user PILOT_USER
                        Pilot user e.g. -generic
  -a WORKDIR, --workdir WORKDIR
                        Pilot work directory
  -q QUEUE, --queue QUEUE  MANDATORY: queue name (e.g., a -b queue)
  -z, --noserverupdate  Disable updates, --url is ignored
  --use-https [USE_HTTPS]
                        Use https
  -i {PR,RC}, --versiontag {PR,RC}
                        Version tag
  --many ONE [ONE ...]  Many
"""
HELP_313 = """usage: pilot.py [-h] [-a WORKDIR]

options:
  -h, --help           show this help message and exit
  -a, --workdir WORKDIR
                       Pilot work directory
  -z, --noserverupdate
                       Disable updates
"""


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    """Return a tiny pilot, installed."""
    return install(parse_choice(str(checkout(tmp_path / "p"))), cache=tmp_path / "cache")


# -- options


def test_a_pilot_is_started_as_on_a_worker_node(installed: Installed) -> None:
    command = command_for(installed, FACTS)
    pairs = dict(zip(command.argv[1::2], command.argv[2::2], strict=False))
    assert (command.argv[0], command.cwd) == ("/srv/pilot/pilot.py", "/srv/work")
    assert pairs == {
        "--pilot-user": "generic",
        "-a": "/srv/work",
        "-q": "BNL_ATLAS_1",
        "-j": "ptest",
        "-i": "PR",
        "-w": "generic",
        "-v": "2",
        "-x": "5",
        "-l": "85800",
        "--url": "https://pandaserver.sim",
        "-p": "25443",
        "--queuedata-url": "http://pandaserver.sim:25085/cache/schedconfig/{pandaqueue}.all.json",
        "--storagedata-url": "http://pandaserver.sim:25085/ddmendpoints.json",
        "-g": "http://pandaserver.sim:25085/trf/user,"
        "http://pandaserver-doma.cern.ch:25080/trf/user",
        "--use-rucio-traces": "False",
    }
    assert command.argv[-1] == "-b"


def test_a_pilot_finds_what_it_needs_in_its_environment(installed: Installed) -> None:
    facts = replace(FACTS, variables={"HARVESTER_ID": "h1", "TZ": "EST"})
    env = command_for(installed, facts).env
    assert env == {
        "HARVESTER_ID": "h1",
        "HOME": "/srv/home",
        "LANG": "C.UTF-8",
        "LOCAL_AGIS_SCHEDCONF": ("http://pandaserver.sim:25085/cache/schedconfig/BNL_ATLAS_1.json"),
        "LOGNAME": "pilot",
        "PANDA_HOSTNAME": "wn001",
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin",
        "PYTHONPATH": "/srv/pilot",
        "TMPDIR": "/srv/tmp",
        "TZ": "EST",
        "USER": "pilot",
        "X509_USER_PROXY": "/srv/cred/x509up",
    }
    assert sorted(env) == list(env)


def test_a_node_without_namespaces_has_another_root(installed: Installed) -> None:
    command = command_for(installed, replace(FACTS, root="/tmp/flightsim.07"))
    texts = (*command.argv, *command.env.values(), command.cwd)
    assert [text for text in texts if "/srv" in text] == []
    assert command.argv[0] == "/tmp/flightsim.07/pilot/pilot.py"


def test_traces_are_sent_where_somebody_takes_them() -> None:
    options = options_for(replace(FACTS, traces=True))
    assert options[options.index("--use-rucio-traces") + 1] == "True"


@pytest.mark.parametrize(
    ("walltime_s", "expect"), [(86_400.0, 85_800), (3600.0, 3240), (600.0, 540), (30.0, 60)]
)
def test_a_pilot_is_to_be_done_before_the_batch_system_ends_it(
    walltime_s: float, expect: int
) -> None:
    assert expect == lifetime_s(walltime_s)


def test_the_reference_pilot_is_started_as_a_module(tmp_path: Path) -> None:
    core = Installed(tmp_path / "t" / "code", "t", "0.1.0", "core")
    command = command_for(core, FACTS)
    assert command.argv[:2] == ("-m", "pilotcore")
    assert options_for(FACTS) == command.argv[2:]
    assert "LOCAL_AGIS_SCHEDCONF" not in command.env


def test_the_reference_pilot_tells_of_copies_where_the_site_names_a_server(tmp_path: Path) -> None:
    core = Installed(tmp_path / "t" / "code", "t", "0.1.0", "core")
    facts = replace(FACTS, variables={"RUCIO_TRACES_URL": "http://t.sim/"})
    told = [command_for(core, each).argv for each in (FACTS, facts)]
    values = [argv[argv.index("--use-rucio-traces") + 1] for argv in told]
    assert ["False", "True"] == values


def test_options_that_the_pilot_does_not_know_are_left_out(installed: Installed) -> None:
    store_help(installed, HELP_311)
    argv = command_for(installed, FACTS).argv
    expect = ("--pilot-user", "generic", "-a", "/srv/work", "-q", "BNL_ATLAS_1", "-i", "PR")
    assert ("/srv/pilot/pilot.py", *expect) == argv


# -- help texts


def test_help_is_asked_for_once(installed: Installed) -> None:
    assert (installed.root / "pilot.py", "") == (needs_help(installed), help_of(installed))
    store_help(installed, HELP_311)
    assert (needs_help(installed), help_of(installed)) == (None, HELP_311)


def test_help_is_kept_beside_the_code_and_does_not_change_it(
    installed: Installed, tmp_path: Path
) -> None:
    store_help(installed, HELP_311)
    again = install(parse_choice(str(tmp_path / "p")), cache=tmp_path / "cache")
    assert (installed, None) == (again, needs_help(again))
    assert sorted(path.name for path in installed.root.parent.iterdir()) == ["code", "help.txt"]


def test_the_reference_pilot_needs_no_help(tmp_path: Path) -> None:
    assert needs_help(Installed(tmp_path / "t" / "code", "t", "0.1.0", "core")) is None


def test_a_help_text_names_options_and_whether_they_take_a_value() -> None:
    assert known_options(HELP_311) == {
        "-h": False,
        "--help": False,
        "--pilot-user": True,
        "-a": True,
        "--workdir": True,
        "-q": True,
        "--queue": True,
        "-z": False,
        "--noserverupdate": False,
        "--use-https": True,
        "-i": True,
        "--versiontag": True,
        "--many": True,
    }


def test_newer_pythons_write_the_value_once() -> None:
    assert known_options(HELP_313) == {
        "-h": False,
        "--help": False,
        "-a": True,
        "--workdir": True,
        "-z": False,
        "--noserverupdate": False,
    }


def test_what_argparse_of_this_python_writes_is_understood() -> None:
    parser = argparse.ArgumentParser(prog="pilot.py", description="-d is no option of it")
    parser.add_argument("-a", "--workdir", help="where -b would be")
    parser.add_argument("--pilot-user", required=True)
    parser.add_argument("-z", "--noserverupdate", action="store_true", help="no --url")
    parser.add_argument("-i", "--versiontag", choices=["PR", "RC"])
    parser.add_argument("--a-very-long-option-name-that-needs-a-line", nargs="*")
    parser.add_argument("--maybe", nargs="?", metavar="X")
    known = known_options(parser.format_help())
    assert known == {
        "-h": False,
        "--help": False,
        "-a": True,
        "--workdir": True,
        "--pilot-user": True,
        "-z": False,
        "--noserverupdate": False,
        "-i": True,
        "--versiontag": True,
        "--a-very-long-option-name-that-needs-a-line": True,
        "--maybe": True,
    }


@pytest.mark.parametrize(
    ("argv", "expect"),
    [
        (["-a", "x", "-q", "Q"], ["-a", "x", "-q", "Q"]),
        (["-a", "x", "-l", "60", "-q", "Q"], ["-a", "x", "-q", "Q"]),
        (["-b", "-q", "Q", "-k"], ["-q", "Q"]),
        (["-l", "1", "2", "3", "--many", "1", "2"], ["--many", "1", "2"]),
        (["-z", "-q", "Q"], ["-z", "-q", "Q"]),
        (["-z", "True", "-q", "Q"], ["-z", "-q", "Q"]),
        (["-z", "False", "-q", "Q"], ["-q", "Q"]),
        (["-q", "-1"], ["-q", "-1"]),
        ([], []),
    ],
)
def test_only_what_the_help_lists_is_given(argv: list[str], expect: list[str]) -> None:
    assert tuple(expect) == accepted(HELP_311, argv)


@pytest.mark.parametrize("text", ["", "Traceback (most recent call last):\n  File x\n"])
def test_without_a_help_text_everything_is_given(text: str) -> None:
    assert accepted(text, ["-l", "60"]) == ("-l", "60")


# -- experiments


@pytest.mark.parametrize(("experiment", "expect"), [("", "generic"), ("atlas", "atlas")])
def test_a_pilot_is_told_whose_it_is(experiment: str, expect: str) -> None:
    options = options_for(replace(FACTS, experiment=experiment))
    assert expect == options[options.index("--pilot-user") + 1]


@pytest.mark.parametrize(("cvmfs", "count"), [(False, 1), (True, 0)])
def test_a_pilot_looks_for_repositories_where_they_are_mounted(cvmfs: bool, count: int) -> None:
    assert count == options_for(replace(FACTS, cvmfs=cvmfs)).count("-b")


def test_what_a_pilot_says_that_breaks_down_is_no_help(installed: Installed) -> None:
    store_help(installed, "Traceback (most recent call last):\nImportError: no\n")
    assert installed.root / "pilot.py" == needs_help(installed)
    store_help(installed, HELP_311)
    assert needs_help(installed) is None
