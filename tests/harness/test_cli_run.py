"""flightsim run: what it prints, keeps and exits with."""

from __future__ import annotations

import io
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as etree

import pytest

from harness.cli import main
from tests.harness import stub_flight
from tests.harness.small_world import TEXT
from tests.harness.small_world import WORDS

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 60
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one scenario in it, in which every flight is a stub's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("harness.known.vocabulary", lambda: WORDS)
    monkeypatch.setattr("harness.flight.fly", stub_flight.fly)
    monkeypatch.setattr("harness.pilots.install", lambda choice: None)
    for variable in ("NO_COLOR", "FORCE_COLOR", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / "flap.toml").write_text(TEXT)
    return tmp_path


@pytest.mark.parametrize(
    ("seeds", "code"),
    [("1", 0), ("1,2", 1), ("1,3", 2), ("2,3", 1), ("1-4", 4), ("5", 4)],
)
def test_the_worst_verdict_is_the_exit_code(seeds: str, code: int) -> None:
    assert code == main(["run", "flap.toml", "--seeds", seeds])


def test_one_line_a_flight_then_the_failures_then_the_totals(capsys: Capture) -> None:
    main(["run", "flap.toml", "--seeds", "1-2"])
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert "pass     flap      core      1    2h02m05s    1.2s  finished" == lines[0]
    assert lines[1].startswith(
        "FAIL     flap      core      2    2h02m05s    1.2s  failed    heart"
    )
    assert "FAIL  flap · core · seed 2" in lines
    assert "  repeat    flightsim run flap.toml --pilot core --seeds 2" in lines
    assert lines[-1].startswith("2 flights: 1 passed, 1 failed (4h04m10s flown in ")
    assert "" == captured.err


def test_the_scenarios_own_seed_is_flown_unless_others_are_asked_for(capsys: Capture) -> None:
    main(["run", "flap.toml", "--json"])
    assert 7 == json.loads(capsys.readouterr().out)["seed"]


def test_each_scenario_flies_with_each_pilot_and_each_seed(capsys: Capture) -> None:
    pilots = ["--pilot", "core", "--pilot", "pypi:3.7.0.36"]
    main(["run", "flap.toml", *pilots, "--seeds", "11,12", "--json"])
    flown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    expected = [("core", 11), ("core", 12), ("pypi-3.7.0.36", 11), ("pypi-3.7.0.36", 12)]
    assert expected == [(each["pilot"], each["seed"]) for each in flown]


def test_json_on_standard_output_is_nothing_but_verdicts(capsys: Capture) -> None:
    main(["run", "flap.toml", "--seeds", "1-2", "--json"])
    captured = capsys.readouterr()
    assert ["pass", "fail"] == [json.loads(line)["state"] for line in captured.out.splitlines()]
    assert "FAIL  flap · core · seed 2" in captured.err


def test_k_chooses_and_choosing_nothing_is_a_mistake(place: Path, capsys: Capture) -> None:
    (place / "gust.toml").write_text(TEXT.replace('"flap"', '"gust"'))
    main(["run", "flap.toml", "gust.toml", "-k", "gust", "--json"])
    assert "gust" == json.loads(capsys.readouterr().out)["scenario"]
    assert 3 == main(["run", "flap.toml", "-k", "gust"])
    assert "selects no scenario" in capsys.readouterr().err


def test_a_wrong_file_stops_the_run_before_the_first_flight(place: Path, capsys: Capture) -> None:
    (place / "gust.toml").write_text(TEXT.replace("seed ", "sed "))
    assert 3 == main(["run", "flap.toml", "gust.toml"])
    captured = capsys.readouterr()
    assert ("", "gust.toml:3: unknown key 'sed' — did you mean 'seed'?\n") == tuple(captured)


def test_a_wrong_pilot_stops_the_run_before_the_first_flight(capsys: Capture) -> None:
    assert 3 == main(["run", "flap.toml", "--pilot", "cor"])
    assert "did you mean 'core'?" in capsys.readouterr().err


def test_a_junit_report_is_written_where_it_was_asked_for(place: Path) -> None:
    main(["run", "flap.toml", "--seeds", "1-4", "--junit", "out/junit.xml"])
    suite = etree.parse(place / "out/junit.xml").getroot()[0]
    assert {"tests": "4", "failures": "1", "errors": "2"}.items() <= suite.attrib.items()


def test_on_github_the_summary_of_the_step_is_appended(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = place / "summary.md"
    page.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    main(["run", "flap.toml", "--seeds", "1"])
    assert page.read_text().startswith("before\n### flightsim: 1 flight: 1 passed")


def test_colours_are_for_terminals_unless_they_are_forced(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["run", "flap.toml", "--seeds", "1"])
    assert "\x1b" not in capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    main(["run", "flap.toml", "--seeds", "1"])
    assert capsys.readouterr().out.startswith("\x1b[32mpass\x1b[0m")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_in_a_terminal_progress_is_one_line_that_is_taken_back(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    main(["run", "flap.toml", "--seeds", "11-12"])
    shown = screen.getvalue().split("\r\x1b[K")
    assert "[0/2] flap core seed 11 · 12s job.state" in shown
    assert "[1/2] " in shown
    assert "" == shown[-1]
    assert max(map(len, shown)) < 60
    assert "\n" not in screen.getvalue()
    assert capsys.readouterr().out.startswith("pass ")


def test_elsewhere_there_is_no_progress(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    main(["run", "flap.toml", "--seeds", "11-12"])
    assert "" == capsys.readouterr().err


def test_in_a_terminal_the_table_has_a_heading(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys, "stdout", screen)
    main(["run", "flap.toml", "--seeds", "11"])
    heading = "verdict  scenario  pilot  seed     virtual    wall  jobs      violations"
    assert heading == screen.getvalue().splitlines()[0]


def test_sigterm_means_what_it_meant_before_once_the_run_is_over() -> None:
    before = signal.getsignal(signal.SIGTERM)
    main(["run", "flap.toml", "--seeds", "1"])
    assert before == signal.getsignal(signal.SIGTERM)


def test_interrupted_what_is_over_is_printed_and_kept(
    place: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fly(*given: object, seed: int, **named: object) -> object:
        if seed == 12:
            raise KeyboardInterrupt
        return stub_flight.verdict("flap", "core", seed, Path("runs"))

    monkeypatch.setattr("harness.flight.fly", fly)
    assert 130 == main(["run", "flap.toml", "--seeds", "11-13", "--junit", "junit.xml"])
    captured = capsys.readouterr()
    assert captured.out.startswith("pass     flap      core     11")
    assert "1 of 3 flights: 1 passed" in captured.out
    assert "interrupted" in captured.err
    assert "1" == etree.parse(place / "junit.xml").getroot()[0].get("tests")


@pytest.fixture
def command(place: Path) -> list[str]:
    """A real ``flightsim`` in a process of its own, in whose workers every flight is a stub's."""
    (place / "stub").mkdir()
    shutil.copy(stub_flight.__file__, place / "stub/sitecustomize.py")
    (place / "scenarios").mkdir()
    shutil.copy(ROOT / "scenarios/first-job.toml", place / "flight.toml")
    return [sys.executable, "-m", "harness.cli", "run", "flight.toml", "--runs", "runs"]


def environment(place: Path) -> dict[str, str]:
    """Return what such a process needs to find the stub and our code."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(place / "stub"), str(ROOT)]),
        "FLIGHTSIM_CACHE": str(place / "cache"),
    }


def test_several_processes_print_in_the_order_of_submission(
    place: Path, command: list[str]
) -> None:
    done = subprocess.run(
        [*command, "-n", "2", "--seeds", "1-5", "--json"],
        cwd=place,
        env=environment(place),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    flown = [json.loads(line) for line in done.stdout.splitlines()]
    expected = [(1, "pass"), (2, "fail"), (3, "unknown"), (4, "broken"), (5, "broken")]
    assert expected == [(each["seed"], each["state"]) for each in flown]
    assert 4 == done.returncode


def test_a_worker_that_dies_breaks_its_flight_and_is_told(place: Path, command: list[str]) -> None:
    done = subprocess.run(
        [*command, "-n", "2", "--seeds", "6", "--json"],
        cwd=place,
        env=environment(place),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert 4 == done.returncode
    assert "its process died" in json.loads(done.stdout)["notes"][0]


@pytest.mark.parametrize(
    ("processes", "number"), [("1", signal.SIGTERM), ("2", signal.SIGINT), ("2", signal.SIGTERM)]
)
def test_ctrl_c_ends_every_flight_and_keeps_what_is_over(
    place: Path, command: list[str], processes: str, number: signal.Signals
) -> None:
    process = subprocess.Popen(
        [*command, "-n", processes, "--seeds", "1,9,11"],
        cwd=place,
        env=environment(place),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE_S)
    first = process.stdout.readline() if ready else ""
    wait_for(place / "runs" / stub_flight.MARK, process)
    # A terminal sends Ctrl-C to everyone in the foreground, who stops a job to one process.
    (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
    rest, errors = process.communicate(timeout=PATIENCE_S)
    assert first.startswith("pass     first-job  core      1")
    assert 130 == process.returncode
    assert "of 3 flights: " in rest
    assert "interrupted" in errors
    assert "Traceback" not in errors


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    """Wait until *path* is there, which *process* makes."""
    for _ in range(PATIENCE_S * 20):
        if path.exists():
            return
        assert process.poll() is None, process.communicate()
        select.select([], [], [], 0.05)
    raise AssertionError(f"{path} never came")
