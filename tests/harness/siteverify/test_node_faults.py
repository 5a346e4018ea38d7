"""Faults of a node's conditions: what its tools, its files and a pilot see of them."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from harness.faults import check_plan
from harness.flight import fly
from harness.known import vocabulary
from harness.pilots import parse_choice
from harness.record import Flight
from harness.scenario import FaultPlan
from harness.scenario import Job
from harness.scenario import Scenario
from harness.scenario import World as Plan
from harness.scenario_text import parse_scenarios
from harness.siteverify_bridge.rows import ROWS
from harness.siteverify_bridge.vantage import NodeVantage
from harness.siteverify_bridge.world import START
from harness.siteverify_bridge.world import small_world
from harness.triggers import Trigger
from harness.world import World
from simkernel import ScenarioError
from siteverify.vantage import ForbiddenError
from siteverify.vantage import MissingError
from tests.harness.siteverify.conftest import PLACE
from tests.harness.siteverify.conftest import Broken

NODE_FAULTS = [row.fault for row in ROWS if row.fault.on.startswith("node.")]


def out(vantage: NodeVantage, line: str) -> str:
    """Return what a line of shell writes on the node."""
    return vantage.run(["bash", "-c", line], timeout_s=60.0).stdout


@pytest.mark.parametrize("plan", NODE_FAULTS, ids=lambda plan: f"{plan.do}-{plan.on}")
def test_a_scenario_may_ask_for_it(plan: FaultPlan) -> None:
    check_plan(plan, known=vocabulary().points)


def test_a_scenario_writes_it_with_units() -> None:
    text = """
    name = "x"
    about = "x"
    world = { site = "BNL", queue = "BNL_ITB", start = 2026-03-01T08:00:00Z }
    job = [{ kind = "itb" }]
    fault = [
        { on = "node.clock", do = "clock_step", ahead = "-5m" },
        { on = "node.tools", do = "not_installed", tools = ["curl", "lsof"] },
        { on = "node.cvmfs", do = "hang", at = { after = "10m" } },
    ]
    """
    reading = parse_scenarios(text, vocabulary=vocabulary(), where="x.toml")
    assert [] == [str(problem) for problem in reading.problems]


@pytest.mark.parametrize(
    ("do", "on", "options", "said"),
    [
        ("few_inodes", "node.disk", {"left": 0}, "left = 0 — use disk_full or quota"),
        ("low_limit", "node.limits", {"limit": "nofiel"}, "limit = 'nofiel' — use nofile, "),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(
    do: str, on: str, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ScenarioError, match=said):
        check_plan(FaultPlan(on, do, options=options))


def test_tools_go_by_the_nodes_clock(broken: Broken) -> None:
    vantage = broken("clock_step", "node.clock", ahead_s=7200.0)
    assert START + 7200.0 == float(out(vantage, "date +%s")) == vantage.now()
    left = out(vantage, "voms-proxy-info -timeleft; arcproxy -i validityLeft")
    assert f"{94 * 3600}\n{94 * 3600}\n" == left


def test_tools_go_by_the_hosts_own_name(broken: Broken) -> None:
    vantage = broken("wrong_name", "node.hostname", name="wn-0815")
    said = out(vantage, "hostname; uname -n; cat /etc/hostname; echo $HOSTNAME")
    assert "wn-0815\n" * 4 == said


def test_tools_find_no_name_for_a_user_without_account(broken: Broken) -> None:
    vantage = broken("no_account", "node.account")
    ran = vantage.run(["whoami"], timeout_s=5.0)
    assert (1, "whoami: cannot find name for user ID 31001\n") == (ran.code, ran.stderr)
    assert "31001\n" == out(vantage, "id -u; id -un")


def test_tools_run_as_root(broken: Broken) -> None:
    vantage = broken("as_root", "node.account")
    assert "root\n0\nroot\n" == out(vantage, "whoami; id -u; echo $USER")


def test_a_program_that_is_not_installed_is_not_found(broken: Broken) -> None:
    vantage = broken("not_installed", "node.tools", tools=["curl", "lsof"])
    assert "127\n127\n" == out(vantage, "curl x; echo $?; lsof; echo $?")


def test_the_load_is_in_proc(broken: Broken) -> None:
    vantage = broken("overload", "node.load", load=31.5)
    assert 31.5 == float(vantage.read_text("/proc/loadavg").split()[0]) == vantage.load()


def test_a_script_is_not_run_from_a_disk_without_execution(broken: Broken) -> None:
    vantage = broken("noexec", "node.disk")
    line = "echo 'echo run' > x; chmod +x x; ./x; echo $?; sh x"
    assert "126\nrun\n" == out(vantage, line)
    assert not vantage.exec_probe("/srv/work")
    assert vantage.exec_probe("/srv/tmp")


def test_a_quota_holds_for_one_folder(world: World) -> None:
    files = world.node.files
    files.over_quota.add("/srv/work")
    with pytest.raises(OSError, match="quota") as error:
        files.write("/srv/work/x", b"words")
    assert errno.EDQUOT == error.value.errno
    files.write("/srv/workshop", b"words")


def test_a_part_of_a_mount_may_be_lost(broken: Broken) -> None:
    vantage = broken("gone", "node.cvmfs", path="/cvmfs/atlas.cern.ch")
    with pytest.raises(MissingError):
        vantage.list_dir("/cvmfs/atlas.cern.ch")
    assert ("repo",) == vantage.list_dir("/cvmfs/atlas-condb.cern.ch")


def test_texts_of_a_lost_mount_are_lost_when_it_is() -> None:
    plan = FaultPlan("node.cvmfs", "gone", Trigger(after_s=60.0))
    with small_world(PLACE, [plan]) as world:
        world.node.mounted["/cvmfs/atlas.cern.ch/setup.sh"] = "words\n"
        said = [out(NodeVantage(world), "cat /cvmfs/atlas.cern.ch/setup.sh")]
        world.clock.run(61.0)
        said.append(out(NodeVantage(world), "cat /cvmfs/atlas.cern.ch/setup.sh"))
    assert ["words\n", ""] == said


def test_a_variable_is_not_set_or_has_another_value(broken: Broken) -> None:
    lacking = broken("unset_variable", "node.environ", variable="HOME").env()
    other = broken("wrong_variable", "node.environ", variable="HOME", value="/x").env()
    assert ("HOME" in lacking, "/x") == (False, other["HOME"])


def test_a_file_of_the_system_cannot_be_a_program(vantage: NodeVantage) -> None:
    with pytest.raises((ForbiddenError, MissingError)):
        vantage.run(["/etc/hostname"], timeout_s=5.0)


def requests(tmp_path: Path, *faults: FaultPlan) -> set[str]:
    """Fly the reference pilot; return the endpoints that it asked."""
    scenario = Scenario(
        name="conditions", world=Plan("BNL", "BNL_ITB", START), jobs=(Job("itb"),), faults=faults
    )
    verdict = fly(scenario, parse_choice("core"), seed=1, runs=tmp_path)
    flight = Flight.read(Path(verdict.run_dir) / "events.jsonl")
    return {event["endpoint"] for event in flight.of("http.request")}


def test_a_pilot_finds_the_environment_of_its_node(tmp_path: Path) -> None:
    lost = {"variable": "X509_USER_PROXY", "value": "/srv/cred/lost"}
    fault = FaultPlan("node.environ", "wrong_variable", options=lost)
    assert "update_job" in requests(tmp_path / "healthy")
    assert "update_job" not in requests(tmp_path / "broken", fault)
