"""The wrappers in real shells, with a pilot that is a few lines of Python."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Iterator

import pytest

import pilotcore.wrapper
from pilotcore.experiments import BUILT_IN
from pilotcore.wrapper import FULL
from pilotcore.wrapper import TRIVIAL

FOLDER = Path(pilotcore.wrapper.__file__).parent
# By what they really are: sh mostly is one of the others.
FOUND = {shell: shutil.which(shell) for shell in ("bash", "dash", "busybox", "sh")}
SHELLS = list({Path(path).resolve(): name for name, path in FOUND.items() if path}.values())
PILOT = """\
import os, signal, sys, time
print("pilot", *sys.argv[1:], flush=True)
if "--wait" in sys.argv:
    told = []
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        signal.signal(each, lambda number, frame: told.append(number))
    print("ready", flush=True)
    while not told:
        time.sleep(0.01)
    print("told", *told, flush=True)
    time.sleep(0.2)
    sys.exit(128 + told[0])
print(*(f"{name}={os.environ.get(name, '')}" for name in ("QUEUE_SAYS", "SITE_SAYS")))
sys.exit(int(os.environ.get("PILOT_CODE", "0")))
"""
WORDS = sorted({*BUILT_IN, "cern", "cms", "alice", "lhc", "belle", "vo"} - {"generic"})


class Start:
    """Starts a wrapper in a shell, in a folder of its own."""

    def __init__(self, shell: str, home: Path) -> None:
        self.home = home
        self.pilot = home / "pilot.py"
        self.pilot.write_text(PILOT)
        self.bin = home / "bin"
        self.bin.mkdir()
        for name in ("cat", "date", "sed", "sleep"):
            (self.bin / name).symlink_to(shutil.which(name) or name)
        self.program("python3", f'exec {sys.executable} "$@"')
        self.program("arcproxy", "exit 1")
        self.env = {"PATH": str(self.bin), "PILOT_STABLE": str(self.pilot)}
        self.shell = [shutil.which(shell) or shell, *(["sh"] if shell == "busybox" else [])]

    def program(self, name: str, text: str) -> None:
        """Put a program on the PATH."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def command(self, *words: str, name: str = FULL) -> list[str]:
        return [*self.shell, str(FOLDER / name), *words]

    def run(self, *words: str, name: str = FULL, **env: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(
            self.command(*words, name=name),
            cwd=self.home,
            env={**self.env, **env},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture(params=SHELLS)
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Start:
    """Return what starts wrappers in one of this machine's shells."""
    return Start(request.param, tmp_path)


@pytest.mark.parametrize("name", [FULL, TRIVIAL])
@pytest.mark.parametrize("code", [0, 1, 80])
def test_options_and_exit_code_pass_through_and_nothing_is_said(
    start: Start, name: str, code: int
) -> None:
    ran = start.run("-q", "A QUEUE", "--x=*", name=name, PILOT_CODE=str(code))
    assert (code, "") == (ran.returncode, ran.stderr)
    assert "pilot -q A QUEUE --x=*\nQUEUE_SAYS= SITE_SAYS=\n" == ran.stdout


def test_a_module_is_run_as_well(start: Start) -> None:
    ran = start.run("-q", "Q", PILOT_STABLE="-m pilot", PYTHONPATH=str(start.home))
    assert (0, "pilot -q Q") == (ran.returncode, ran.stdout.splitlines()[0])


@pytest.mark.parametrize("name", [FULL, TRIVIAL])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1])
def test_signals_reach_the_pilot_whose_last_word_is_waited_for(
    start: Start, name: str, number: signal.Signals
) -> None:
    with subprocess.Popen(
        start.command("--wait", name=name),
        cwd=start.home,
        env=start.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as wrapper:
        assert wrapper.stdout is not None
        assert ["pilot --wait\n", "ready\n"] == [wrapper.stdout.readline() for _ in range(2)]
        wrapper.send_signal(number)
        assert f"told {int(number)}\n" == wrapper.stdout.read()
        assert 128 + number == wrapper.wait()


def test_a_signal_before_there_is_a_pilot_ends_the_wrapper(start: Start) -> None:
    start.program("python3", "kill -TERM $PPID; exit 0")
    ran = start.run()
    assert (143, "", "") == (ran.returncode, ran.stdout, ran.stderr)


# -- what is wrong with a node


def test_a_node_without_python_is_told_of(start: Start) -> None:
    ran = start.run(PILOT_PYTHON="python9")
    assert (1, "wrapper: there is no python9 on the PATH\n") == (ran.returncode, ran.stderr)


def test_an_old_python_is_told_of(start: Start) -> None:
    start.program("python3", "exit 1")
    ran = start.run()
    text = "wrapper: python3 is older than 3.9, or does not work\n"
    assert (1, text) == (ran.returncode, ran.stderr)
    ran = start.run(name=TRIVIAL)
    assert (1, "", "") == (ran.returncode, ran.stdout, ran.stderr)


def test_without_a_pilot_there_is_nothing_to_start(start: Start) -> None:
    for stable in ("", "/not/there.pyz"):
        ran = start.run(PILOT_STABLE=stable)
        assert (1, "") == (ran.returncode, ran.stdout)
        assert ran.stderr.startswith("wrapper: there is no pilot: ")


@pytest.mark.parametrize(
    ("tool", "token", "said"), [(True, "", 0), (False, "t", 0), (False, "", 1)]
)
def test_a_missing_proxy_tool_is_told_of_where_it_is_missed(
    start: Start, tool: bool, token: str, said: int
) -> None:
    proxy = start.home / "x509up"
    proxy.touch()
    if not tool:
        (start.bin / "arcproxy").unlink()
    ran = start.run(X509_USER_PROXY=str(proxy), PANDA_AUTH_TOKEN=token)
    assert 0 == ran.returncode
    assert said == len(ran.stderr.splitlines())


# -- the site and the queue


def test_the_sites_set_up_counts_and_has_no_hold_on_the_options(start: Start) -> None:
    text = "echo noise; echo noise >&2; export SITE_SAYS=yes; set -- --other; shift"
    (start.home / "setup.sh").write_text(text)
    places = ({"PILOT_SETUP": str(start.home / "setup.sh")}, {"PILOT_SETUP": "setup.sh"})
    for env in ({"OSG_APP": str(start.home)}, *places):
        ran = start.run("-q", "Q", **env)
        assert ("", "pilot -q Q\nQUEUE_SAYS= SITE_SAYS=yes\n") == (ran.stderr, ran.stdout)


def test_a_site_without_a_set_up_is_as_good_as_any(start: Start) -> None:
    ran = start.run(OSG_APP=str(start.home))
    assert (0, "") == (ran.returncode, ran.stderr)


def test_a_set_up_that_fails_or_is_not_there_is_no_set_up(start: Start) -> None:
    (start.home / "setup.sh").write_text("export SITE_SAYS=half\nfalse\n")
    for env, words in (
        ({"OSG_APP": str(start.home)}, "setup.sh failed"),
        ({"PILOT_SETUP": str(start.home / "setup.sh")}, "setup.sh failed"),
        ({"PILOT_SETUP": "/not/there.sh"}, "/not/there.sh is not there"),
    ):
        ran = start.run(**env)
        assert (64, "") == (ran.returncode, ran.stdout)
        assert words in ran.stderr


def test_the_variables_of_the_queue_are_the_pilots(start: Start) -> None:
    start.program("curl", """echo '{"a": 1, "environ": "X=1 QUEUE_SAYS=b* odd", "z": ""}'""")
    ran = start.run(PILOT_QUEUEDATA="http://x")
    assert (0, "QUEUE_SAYS=b* SITE_SAYS=") == (ran.returncode, ran.stdout.splitlines()[1])


def test_a_definition_is_asked_for_again_and_no_pilot_starts_without_it(start: Start) -> None:
    start.program("curl", 'echo >> "$COUNT"; [ "$(wc -l < "$COUNT")" -ge "$GOOD" ]')
    start.program("sleep", "exit 0")
    (start.bin / "wc").symlink_to(shutil.which("wc") or "wc")
    for good, code in ((3, 0), (9, 71)):
        count = start.home / f"count{good}"
        ran = start.run(PILOT_QUEUEDATA="http://x", COUNT=str(count), GOOD=str(good))
        assert (code, min(good, 4)) == (ran.returncode, len(count.read_text()))


# -- the choice


def chosen(start: Start, draws: range) -> Iterator[str]:
    candidate = start.home / "candidate.py"
    candidate.touch()
    for draw in draws:
        ran = start.run(PILOT_CANDIDATE=str(candidate), PILOT_DRAW=str(draw))
        yield ran.stdout.split()[0]


def test_one_pilot_in_a_hundred_is_the_candidate(start: Start) -> None:
    start.program("python3", '[ "$1" = -c ] || echo "${1##*/}"')
    counts = Counter(chosen(start, range(1000, 1100)))
    assert {"pilot.py": 99, "candidate.py": 1} == counts


def test_a_candidate_that_is_not_there_is_passed_over(start: Start) -> None:
    ran = start.run(PILOT_CANDIDATE="/not/there.pyz", PILOT_DRAW="0")
    assert (0, "pilot") == (ran.returncode, ran.stdout.split()[0])


@pytest.mark.parametrize("draw", ["", "x", "1 2", "-1"])
def test_what_is_no_number_is_no_draw_and_chance_decides(start: Start, draw: str) -> None:
    ran = start.run(PILOT_CANDIDATE=str(start.pilot), PILOT_DRAW=draw)
    assert (0, "") == (ran.returncode, ran.stderr)


# -- its words


@pytest.mark.parametrize("name", [FULL, TRIVIAL])
def test_no_experiment_is_named(name: str) -> None:
    text = (FOLDER / name).read_text().lower().replace("osg_app", "")
    assert not [word for word in WORDS if re.search(rf"\b{word}\b", text)]
