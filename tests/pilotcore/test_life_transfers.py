"""Whole lives in which copying goes wrong."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from pilotcore.platform import Exit
from tests.pilotcore.grid import INPUT
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import adler32
from tests.pilotcore.grid import record
from tests.pilotcore.grid import turl
from tests.pilotcore.scripted import Program
from tests.pilotcore.scripted import ScriptedChild

FOREVER = 1e9


def two_inputs() -> dict[str, object]:
    lfns, sizes, sums = "in.root,more.root", f"{len(INPUT)}," * 2, f"ad:{adler32(INPUT)}," * 2
    return record(inFiles=lfns, GUID="A,B", fsize=sizes[:-1], checksum=sums[:-1])


def nth_copy(grid: Grid, n: int, *, do: Program) -> None:
    """Let the *n*-th run of xrdcp be *do*; the others work."""
    usual = grid.run_xrdcp
    runs: list[ScriptedChild] = []

    def run(child: ScriptedChild) -> Exit:
        runs.append(child)
        return do(child) if len(runs) == n else usual(child)

    grid.run_xrdcp = run  # type: ignore[method-assign]


def copies_out(grid: Grid, *, do: Program) -> None:
    """Let every copy of out.root be *do*; the others work."""
    usual = grid.run_xrdcp

    def run(child: ScriptedChild) -> Exit:
        return do(child) if child.argv[-2].endswith("out.root") else usual(child)

    grid.run_xrdcp = run  # type: ignore[method-assign]


def hang(child: ScriptedChild) -> Exit:
    if not child.argv[-1].startswith("root:"):
        Path(child.argv[-1]).write_bytes(b"half")
    child.sleep(FOREVER)
    return Exit(0)


def says(text: str, code: int = 1) -> Program:
    return lambda child: Exit(code, 0, "", text)


@pytest.fixture
def hanging(grid: Grid) -> Grid:
    """Return a grid in which the second transfer never returns."""
    grid.jobs = [two_inputs()]
    grid.storage[turl("mc", "more.root")] = INPUT
    nth_copy(grid, 2, do=hang)
    return grid


def test_a_hanging_transfer_is_given_up_at_its_limit(hanging: Grid) -> None:
    assert (0, 1151) == (hanging.fly(), hanging.final["pilotErrorCode"])
    limit = 400.0 + len(INPUT) / 1e6
    assert [(10.0 + limit, signal.SIGTERM)] == hanging.platform.ran("xrdcp")[1].signals


def test_the_cause_of_a_hanging_transfer_is_in_the_log_on_storage(hanging: Grid) -> None:
    hanging.fly()
    assert "1151 STAGEINTIMEOUT" in hanging.log_members()["pilotlog.txt"]


def test_what_a_hanging_transfer_left_behind_is_removed(hanging: Grid) -> None:
    hanging.fly()
    assert [] == list(hanging.start.rglob("more.root"))


@pytest.mark.parametrize("ignored", [{15}, {15, 9}])
def test_a_transfer_that_ignores_signals_does_not_keep_the_pilot(
    grid: Grid, ignored: set[int]
) -> None:
    def stubborn(child: ScriptedChild) -> Exit:
        child.ignores = ignored
        return hang(child)

    grid.jobs = [two_inputs()]
    grid.storage[turl("mc", "more.root")] = INPUT
    nth_copy(grid, 2, do=stubborn)
    grid.fly()
    killed = [number for _, number in grid.platform.ran("xrdcp")[1].signals]
    assert ([15, 9], 1151) == (killed[:2], grid.final["pilotErrorCode"])
    assert grid.platform.clock.now < 450.0


def test_a_transfer_that_fails_once_is_tried_again(grid: Grid) -> None:
    nth_copy(grid, 1, do=says("connection reset by peer"))
    assert (0, "finished") == (grid.fly(), grid.final["state"])


def test_a_missing_input_is_asked_for_once_and_named(grid: Grid) -> None:
    grid.storage.clear()
    grid.fly()
    asked = [child for child in grid.platform.ran("xrdcp") if child.argv[-1].endswith("in.root")]
    assert (1, 1331) == (len(asked), grid.final["pilotErrorCode"])
    assert "in.root" in grid.final["pilotErrorDiag"]


def test_an_input_with_a_wrong_checksum_never_reaches_the_payload(grid: Grid) -> None:
    grid.storage[turl("mc", "in.root")] = INPUT[:-1] + b"!"
    grid.fly()
    payloads = [child for child in grid.platform.children if child.argv[0] == "/bin/bash"]
    assert (1171, []) == (grid.final["pilotErrorCode"], payloads)
    assert [] == list(grid.start.rglob("in.root"))


def test_an_input_that_is_too_short_is_noticed(grid: Grid) -> None:
    grid.storage[turl("mc", "in.root")] = INPUT[:-1]
    grid.fly()
    assert 1171 == grid.final["pilotErrorCode"]


def test_the_next_copytool_is_tried_when_the_first_cannot(grid: Grid) -> None:
    queue = grid.queue()
    assert isinstance(queue, dict)
    grid.queue = lambda: {**queue, "acopytools": {"default": ["lsm", "xrdcp"]}}  # type: ignore[method-assign]
    assert (0, "finished") == (grid.fly(), grid.final["state"])


def test_a_copy_out_whose_exit_code_lies_is_not_registered(grid: Grid) -> None:
    copies_out(grid, do=lambda child: Exit(0))
    grid.fly()
    assert (1172, ["job.log.tgz"]) == (grid.final["pilotErrorCode"], list(grid.xml))


def test_a_copy_out_that_arrives_damaged_is_not_registered(grid: Grid) -> None:
    copies_out(grid, do=lambda child: Exit(0, 0, "", f"adler32: 00000001 {child.argv[-1]} 3500\n"))
    grid.fly()
    assert 1172 == grid.final["pilotErrorCode"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Exit(0, 0, f"{turl('mc', 'out.root')} {adler32(b'output ' * 500)}"), 0),
        (Exit(0, 0, f"{turl('mc', 'out.root')} 00000001"), 1172),
        (Exit(2, 0, "", "gfal-sum error: 2 (No such file or directory)"), 1172),
        (Exit(93, 0, "", "gfal-sum error: 93 (Protocol not supported)"), 0),
    ],
)
def test_a_second_look_decides_on_what_arrived(grid: Grid, said: Exit, code: int) -> None:
    good = f"x {adler32(b'')}"

    def look(child: ScriptedChild) -> Exit:
        if child.argv[1].endswith("out.root"):
            return said
        data = grid.storage[child.argv[1]]
        return Exit(0, 0, f"{good} {adler32(data)}")

    grid.run_gfal_sum = look  # type: ignore[attr-defined]
    grid.fly()
    assert code == grid.final["pilotErrorCode"]


def test_a_tool_with_a_setup_script_runs_in_a_shell_that_has_sourced_it(grid: Grid) -> None:
    queue = grid.queue()
    assert isinstance(queue, dict)
    setup = {"xrdcp": {"setup": "/opt/setup.sh"}}
    grid.queue = lambda: {**queue, "copytools": setup}  # type: ignore[method-assign]
    grid.run_payload = lambda child: Exit(1)  # type: ignore[method-assign]
    grid.fly()
    line = grid.platform.ran("/bin/bash")[0].argv[2]
    assert line.startswith("source /opt/setup.sh;xrdcp -np -f")


def test_a_copy_out_that_hangs_is_stage_out_timed_out(grid: Grid) -> None:
    copies_out(grid, do=hang)
    grid.fly()
    assert (1152, ["job.log.tgz"]) == (grid.final["pilotErrorCode"], list(grid.xml))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("No space left on device", 1333),
        ("Network is unreachable", 1327),
        ("nothing that anybody knows", 1137),
    ],
)
def test_what_the_tool_says_decides_on_the_error(grid: Grid, text: str, code: int) -> None:
    copies_out(grid, do=says(text))
    grid.fly()
    assert code == grid.final["pilotErrorCode"]


def test_a_job_whose_log_cannot_be_stored_is_not_finished(grid: Grid) -> None:
    usual = grid.run_xrdcp
    grid.run_xrdcp = lambda child: (  # type: ignore[method-assign]
        Exit(1, 0, "", "no") if "job.log.tgz" in child.argv[-1] else usual(child)
    )
    grid.fly()
    assert ("failed", 1137, {}) == (grid.final["state"], grid.final["pilotErrorCode"], grid.xml)


def test_a_log_that_cannot_be_stored_does_not_hide_why_the_job_failed(grid: Grid) -> None:
    grid.run_xrdcp = says("no such file or directory")  # type: ignore[method-assign]
    grid.fly()
    assert 1331 == grid.final["pilotErrorCode"]


def test_inputs_larger_than_the_queue_takes_are_refused_before_any_transfer(grid: Grid) -> None:
    queue = grid.queue()
    assert isinstance(queue, dict)
    grid.queue = lambda: {**queue, "maxinputsize": 1}  # type: ignore[method-assign]
    grid.jobs = [record(fsize="2000000")]
    grid.fly()
    assert 1168 == grid.final["pilotErrorCode"]


def test_inputs_larger_than_the_disk_are_refused(grid: Grid) -> None:
    grid.jobs = [record(fsize="200000000000")]
    assert (69, 1098) == (grid.fly(), grid.final["pilotErrorCode"])


def test_a_storage_that_is_a_directory_needs_cp_only(grid: Grid, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/in.root").write_bytes(INPUT)
    queue = grid.queue()
    assert isinstance(queue, dict)
    grid.queue = lambda: {**queue, "acopytools": {"default": ["mv"]}}  # type: ignore[method-assign]
    out = tmp_path / "out"
    code = grid.fly("--input-dir", str(tmp_path / "in"), "--output-dir", str(out))
    assert (0, ["job.log.tgz", "out.root"]) == (code, sorted(path.name for path in out.iterdir()))
