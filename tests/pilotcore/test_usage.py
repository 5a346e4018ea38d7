"""What a payload uses, as ps tells it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pilotcore.definitions import Queue
from pilotcore.platform import Exit
from pilotcore.usage import KB
from pilotcore.usage import Meter
from pilotcore.usage import amount
from pilotcore.usage import family
from pilotcore.usage import parse
from pilotcore.usage import seconds
from pilotcore.watch import View
from pilotcore.watch.memory import Memory
from pilotcore.watch.memory import memory_limit
from tests.pilotcore.grid import Grid
from tests.pilotcore.scripted import ScriptedChild

HEAD = "PID PPID PGID STAT RSS TIME COMMAND\n"
# The shell, its payload, a worker, an orphan of the group, somebody else.
TREE = """\
  10     1    10 Ss    100 00:00:00 bash
  11    10    10 R    1000 00:01:00 payload
  12    11    12 R    2000 1-00:00:01 worker one
  13     1    10 S      50 00:00:02 orphan
  20     1    20 R    9000 09:00:00 other
"""


def look(grid: Grid, text: str, meter: Meter | None = None, *, code: int = 0) -> Meter:
    """Let *meter* look at process 10 of a node where ps says *text*."""
    grid.run_ps = lambda _child: Exit(code, 0, HEAD + text)  # type: ignore[attr-defined]
    meter = meter or Meter(grid.platform, cores=4)
    grid.platform.spawn(lambda: grid.seen.append(meter.look(10)), name="look")  # type: ignore[attr-defined]
    grid.platform.clock.run(lambda: bool(grid.seen))  # type: ignore[attr-defined]
    return meter


@pytest.fixture
def node(tmp_path: Path) -> Grid:
    """Return a grid of which only the node is of interest."""
    grid = Grid(tmp_path)
    grid.seen = []  # type: ignore[attr-defined]
    return grid


def test_family_is_parents_children_and_the_rest_of_the_group() -> None:
    assert [10, 11, 12, 13] == [each.pid for each in family(parse(HEAD + TREE), 10)]


def test_a_process_that_is_gone_has_no_family() -> None:
    assert () == family(parse(HEAD + TREE), 99)


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12.0), ("12.5", 12.5), ("None", None), ("-1", None), ("nan", None), ("inf", None)],
)
def test_only_a_number_that_can_be_is_one(text: str, value: float | None) -> None:
    assert value == amount(text)


@pytest.mark.parametrize(
    ("text", "value"), [("01:02:03", 3723.0), ("2-00:00:01", 172801.0), ("-", None), ("7", None)]
)
def test_times_have_three_parts_and_perhaps_days(text: str, value: float | None) -> None:
    assert value == seconds(text)


def test_a_line_that_is_no_process_is_left_out() -> None:
    assert [11] == [each.pid for each in parse("x y\n\n11 1 1 S 5 00:00:00 a b c\n12 1\n")]


def test_usage_is_the_sum_over_the_family(node: Grid) -> None:
    meter = look(node, TREE)
    (usage,) = node.seen  # type: ignore[attr-defined]
    assert (3150 * KB, 2) == (usage.rss, usage.cores)
    assert (3150 * KB, [2], 2.0) == (meter.rss_max, meter.core_counts, meter.mean_cores)
    assert frozenset((10, 11, 12, 13)) == meter.pids


def test_what_no_machine_can_do_is_not_counted(node: Grid) -> None:
    meter = look(node, "10 1 10 R 100 00:01:00 payload\n")
    node.seen.clear()  # type: ignore[attr-defined]
    look(node, "10 1 10 R 100 46-00:00:00 payload\n", meter)
    assert 60.0 == meter.cpu_s


def test_the_true_time_goes_on_growing_while_an_absurd_one_is_told() -> None:
    now = 0.0
    meter = Meter(SimpleNamespace(monotonic=lambda: now), cores=4)  # type: ignore[arg-type]
    for minute in range(60):
        now = minute * 60.0
        told = "46-00:00:00" if 10 <= minute < 50 else f"00:{minute:02}:00"
        meter._count(parse(f"{HEAD}10 1 10 R 100 {told} payload\n"))
    assert 59 * 60.0 == meter.cpu_s


def test_what_has_ended_keeps_what_it_had(node: Grid) -> None:
    meter = look(node, TREE.replace("1-00:00:01", "00:00:30"))
    node.seen.clear()  # type: ignore[attr-defined]
    look(node, "10 1 10 Ss 100 00:00:00 bash\n", meter)
    assert 92.0 == meter.cpu_s


@pytest.mark.parametrize(("text", "code"), [("", 0), (TREE, 1), ("nonsense\n", 0)])
def test_what_cannot_be_seen_is_not_known(node: Grid, text: str, code: int) -> None:
    meter = look(node, text, code=code)
    assert ([None], 0.0, None) == (node.seen, meter.cpu_s, meter.mean_cores)  # type: ignore[attr-defined]


def test_values_that_are_none_are_left_out_of_the_sum(node: Grid) -> None:
    look(node, "10 1 10 R None - payload\n11 10 10 R 7.0 00:00:01 x\n")
    assert 7 * KB == node.seen[0].rss  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("memory", "queue_cores", "cores", "limit"),
    [(1000, 8, 8, 2000), (1000, 8, 1, 250), (1000, 1, 8, 2000), (0, 8, 1, 0)],
)
def test_a_job_has_its_share_of_the_slots_memory(
    memory: int, queue_cores: int, cores: int, limit: int
) -> None:
    queue = Queue("Q", "Q", memory_max=memory, cores=queue_cores)
    assert limit == memory_limit(queue, cores=cores)


@pytest.mark.parametrize(("limit", "code"), [(3000 * KB, 1235), (4000 * KB, None), (0, None)])
def test_too_much_memory_is_a_failure(node: Grid, limit: int, code: int | None) -> None:
    node.run_ps = lambda _child: Exit(0, 0, HEAD + TREE)  # type: ignore[attr-defined]
    dog = Memory(Meter(node.platform, cores=4), every_s=60.0, limit=limit)
    view = View(node.home, 10, 0.0)
    found: list[object] = node.seen  # type: ignore[attr-defined]
    node.platform.spawn(lambda: found.append(dog.look(view)), name="look")
    node.platform.clock.run(lambda: bool(found))
    assert code == (found[0].code if found[0] else None)  # type: ignore[attr-defined]


def test_what_was_used_goes_to_the_server(tmp_path: Path) -> None:
    grid = Grid(tmp_path)

    def run_ps(child: ScriptedChild) -> Exit:
        begun = grid.platform.clock.now
        pid = max(each.pid for each in grid.platform.children if "payload" in str(each.argv))
        return Exit(0, 0, f"{HEAD}{pid} 1 {pid} R 2048 00:{int(begun / 60) % 60:02}:00 payload\n")

    grid.run_ps = run_ps  # type: ignore[attr-defined]
    grid.fly()
    assert (1, 2048) == (grid.final["meanCoreCount"], grid.final["maxRSS"])
    assert 0 < grid.final["cpuConsumptionTime"]
