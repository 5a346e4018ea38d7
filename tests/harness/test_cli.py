"""The command line: exit codes, what goes where, and that it answers at once."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.cli import main
from harness.cli._exit_codes import BROKEN
from harness.cli._exit_codes import FAIL
from harness.cli._exit_codes import PASS
from harness.cli._exit_codes import UNKNOWN
from harness.cli._exit_codes import USAGE
from harness.cli._group import COMMANDS
from harness.verdict import EXIT_CODES
from simkernel import HarnessError
from tests.harness.small_world import TEXT
from tests.harness.small_world import WORDS

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, and a small world to know."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("harness.known.vocabulary", lambda: WORDS)
    return tmp_path


def test_help_imports_no_library_that_takes_its_time() -> None:
    program = (
        "import sys; from harness.cli import main; code = main(['--help']);"
        "heavy = {'pydantic', 'simpy', 'simkernel', 'hypothesis', 'rich', 'greenlet'};"
        "sys.exit(code or ' '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert (0, "") == (done.returncode, done.stderr)
    assert all(f"\n  {command} " in done.stdout for command in COMMANDS)


ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_line_about_it(command: str, capsys: Capture) -> None:
    main(["--help"])
    (line,) = [
        each for each in capsys.readouterr().out.splitlines() if each[2:].startswith(command)
    ]
    assert "..." not in line
    assert len(line.split(maxsplit=1)[1]) > 10


def test_exit_codes_of_the_command_line_are_those_of_verdicts() -> None:
    expected = {"pass": PASS, "fail": FAIL, "unknown": UNKNOWN, "broken": BROKEN}
    assert expected == EXIT_CODES


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum"], "Did you mean 'run'?"),
        (["run", "--no-such-option"], "No such option"),
        (["run", "--seeds", "3-1"], "'3-1' counts backwards"),
        (["run", "-n", "0"], "0 is not in the range"),
        (["list", "sitess"], "is not one of"),
        (["explain"], "Missing argument"),
    ],
)
def test_wrong_usage_exits_with_three_and_says_what_is_wrong(
    arguments: list[str], said: str, capsys: Capture
) -> None:
    assert USAGE == main(arguments)
    captured = capsys.readouterr()
    assert said in captured.err
    assert "" == captured.out


def test_lint_prints_every_problem_and_exits_with_three(place: Path, capsys: Capture) -> None:
    (place / "flap.toml").write_text(TEXT.replace("seed ", "sed ").replace('"BNL"', '"BNK"'))
    assert USAGE == main(["lint", "flap.toml"])
    assert [
        "flap.toml:3: unknown key 'sed' — did you mean 'seed'?",
        "flap.toml:6: unknown site 'BNK' — did you mean 'BNL'?",
    ] == capsys.readouterr().out.splitlines()


def test_lint_says_nothing_on_standard_output_when_all_is_well(
    place: Path, capsys: Capture
) -> None:
    (place / "flap.toml").write_text(TEXT)
    assert PASS == main(["lint", "flap.toml"])
    captured = capsys.readouterr()
    assert ("", "1 scenario, no problem\n") == (captured.out, captured.err)


def test_lint_gives_problems_to_programs(place: Path, capsys: Capture) -> None:
    (place / "flap.toml").write_text(TEXT.replace("seed ", "sed "))
    main(["lint", "flap.toml", "--json"])
    expected = {
        "where": "flap.toml:3",
        "what": "unknown key 'sed'",
        "remedy": "did you mean 'seed'?",
    }
    assert [expected] == json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(("kind", "key"), [("scenario", "fault"), ("verdict", "findings")])
def test_schema_prints_the_schema_of(kind: str, key: str, capsys: Capture) -> None:
    assert PASS == main(["schema", kind])
    assert key in json.loads(capsys.readouterr().out)["properties"]


@pytest.mark.parametrize("kind", ["points", "faults", "checkers", "sites"])
def test_list_prints_a_name_a_line(
    kind: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [("tool.dccp", "copies"), ("x", "")]
    monkeypatch.setattr("harness.known.catalogue", lambda asked: entries if asked == kind else [])
    assert PASS == main(["list", kind])
    assert "tool.dccp  copies\nx\n" == capsys.readouterr().out
    main(["list", kind, "--json"])
    assert ["tool.dccp", "x"] == [each["name"] for each in json.loads(capsys.readouterr().out)]


def test_explain_tells_a_code_by_number_or_name(capsys: Capture) -> None:
    assert PASS == main(["explain", "1151"])
    by_number = capsys.readouterr().out
    main(["explain", "stageintimeout"])
    assert by_number == capsys.readouterr().out
    assert by_number.startswith("1151 STAGEINTIMEOUT: ")


def test_explain_of_an_unknown_code_proposes_one(capsys: Capture) -> None:
    assert USAGE == main(["explain", "STAGEINTIMOUT"])
    assert "did you mean STAGEINTIMEOUT?" in capsys.readouterr().err


@dataclass
class Replayed:
    """What a stub of replay answers."""

    same: bool
    line: int | None = None
    expect: str = ""
    actual: str = ""
    choice: str = ""
    stopped: str = ""


def test_replay_of_the_same_flight_passes(
    place: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "runs/flap/core-1").mkdir(parents=True)
    (place / "runs/latest").symlink_to("flap/core-1")
    asked: list[Path] = []

    def replay(run: Path, *, stop_s: float | None, terminal: object) -> Replayed:
        assert (stop_s, terminal) == (None, None)
        asked.append(run)
        return Replayed(True)

    stub = types.SimpleNamespace(replay=replay)
    monkeypatch.setitem(sys.modules, "harness.replay", stub)
    assert PASS == main(["replay"])
    assert [(place / "runs/flap/core-1").resolve()] == asked
    assert "same: the journal of runs/latest, byte for byte\n" == capsys.readouterr().out


def test_replay_of_a_different_flight_shows_the_first_difference(
    place: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "r").mkdir()
    stub = types.SimpleNamespace(replay=lambda run, **_: Replayed(False, 17, "one", "two"))
    monkeypatch.setitem(sys.modules, "harness.replay", stub)
    assert FAIL == main(["replay", "r"])
    expected = "different: r, line 17 of the journal\n  expect  one\n  actual  two\n"
    assert expected == capsys.readouterr().out


def test_replay_without_a_run_is_a_matter_of_usage(capsys: Capture) -> None:
    assert USAGE == main(["replay", "nowhere"])
    assert "no run directory at nowhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "module", "function", "expected"),
    [
        (["doctor"], "harness.doctor", "run", ()),
        (["verify", "--all"], "siteverify", "main", (["--all"],)),
        (
            ["verify", "--site", "BNL", "--all"],
            "harness.siteverify_bridge",
            "run",
            ("BNL", ["--all"]),
        ),
    ],
)
def test_a_delegate_gets_what_it_is_due_and_its_code_is_ours(
    arguments: list[str],
    module: str,
    function: str,
    expected: tuple[object, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[object, ...]] = []

    def called(*given: object) -> int:
        seen.append(given)
        return FAIL

    stub = types.ModuleType(module)
    setattr(stub, function, called)
    monkeypatch.setitem(sys.modules, module, stub)
    assert FAIL == main(arguments)
    assert [expected] == seen


def test_a_part_that_is_not_installed_is_named(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.cli.doctor.delegate", _delegate_to_nothing)
    assert BROKEN == main(["doctor"])
    assert "this installation has no harness.nothing\n" == capsys.readouterr().err


def _delegate_to_nothing(*given: object) -> int:
    from harness.cli._delegate import delegate

    return delegate("harness.nothing", "run")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (HarnessError("the world fell", where="here"), BROKEN, "here: the world fell\n"),
        (RuntimeError("ours"), BROKEN, "this is an error of flightsim, not of the pilot"),
    ],
)
def test_our_own_errors_are_broken_and_never_a_traceback_without_a_word(
    error: Exception, code: int, said: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(kind: str) -> None:
        raise error

    monkeypatch.setattr("harness.known.catalogue", fail)
    assert code == main(["list", "sites"])
    assert said in capsys.readouterr().err


def test_ctrl_c_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(kind: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("harness.known.catalogue", interrupt)
    assert 130 == main(["list", "sites"])


def test_the_version_is_told(capsys: Capture) -> None:
    assert PASS == main(["--version"])
    assert capsys.readouterr().out.startswith("flightsim ")
