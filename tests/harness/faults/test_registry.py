"""Finding faults by name, reading their options, refusing what makes no sense."""

from __future__ import annotations

from typing import Any

import pytest

from harness.events import FAULT_ARMED
from harness.faults import FaultKind
from harness.faults import check_plan
from harness.faults import check_point
from harness.faults import fault
from harness.faults import fault_kind
from harness.faults import install_faults
from harness.faults import known_faults
from harness.faults import known_points
from harness.faults import points_of
from harness.faults.server.http_status import HttpStatus
from harness.faults.tool.exit import Exit
from harness.scenario import FaultPlan
from harness.triggers import Trigger
from simkernel import HarnessError
from simkernel import ScenarioError
from tests.harness.faults.tiny_world import TinyWorld

POINTS = known_points(
    tools=("dccp", "df"),
    endpoints=("update_job", "acquire_jobs"),
    hosts=("pandaserver.sim",),
    doors=("BNL_DATADISK",),
)


def plan(do: str, on: str, at: Trigger | None = None, **options: Any) -> FaultPlan:
    return FaultPlan(on, do, at or Trigger(), options, where="flap.toml:14")


def test_points_are_those_of_the_world_their_families_and_ours() -> None:
    expect = (
        "batch.kill",
        "batch.output",
        "batch.start",
        "batch.stop",
        "credential.proxy",
        "credential.voms",
        "door.*",
        "door.BNL_DATADISK",
        "net.*",
        "net.pandaserver.sim",
        "node.account",
        "node.apps",
        "node.certificates",
        "node.clock",
        "node.cores",
        "node.cvmfs",
        "node.disk",
        "node.environ",
        "node.hostname",
        "node.limits",
        "node.load",
        "node.shm",
        "node.tools",
        "payload",
        "server.*",
        "server.acquire_jobs",
        "server.update_job",
        "tool.*",
        "tool.dccp",
        "tool.df",
        "tool.replicas",
        "tool.transfer",
    )
    assert expect == POINTS


@pytest.mark.parametrize("point", [*POINTS, "queuedata.status", "queuedata.anything"])
def test_a_known_point_passes(point: str) -> None:
    check_point(point, POINTS)


def test_the_nearest_points_are_proposed_for_a_wrong_one() -> None:
    with pytest.raises(ScenarioError, match=r"a.toml:3: unknown point 'tool.dcpp' — did you mean"):
        check_point("tool.dcpp", POINTS, where="a.toml:3")


def test_a_point_like_no_other_has_no_proposal() -> None:
    with pytest.raises(ScenarioError, match=r"unknown point 'xyzzy'$"):
        check_point("xyzzy", POINTS)


def test_queuedata_needs_a_field() -> None:
    with pytest.raises(ScenarioError, match="unknown point 'queuedata'"):
        check_point("queuedata", POINTS)


def test_every_kind_says_what_it_does_and_where() -> None:
    kinds = known_faults()
    assert sorted(kinds, key=lambda kind: (kind.name, kind.on)) == list(kinds)
    assert [kind.name for kind in kinds if not kind.about or not kind.on] == []


def test_every_kind_can_be_made_without_options() -> None:
    # One that slows nothing down is no fault: this kind asks for a number.
    demanding = {"slow"}
    assert all(kind.make() for kind in known_faults() if kind.name not in demanding)


def test_no_two_kinds_of_one_name_fit_one_point() -> None:
    points = [(kind.name, on) for kind in known_faults() for on in kind.on]
    assert len(set(points)) == len(points)


def test_a_name_is_registered_once_for_a_point() -> None:
    with pytest.raises(HarnessError, match="'http_status' is registered twice"):
        fault("http_status", on=("server.*",), about="again")(HttpStatus)


def test_points_of_a_fault_are_those_of_all_its_kinds() -> None:
    assert points_of("corrupt") == ("door.*", "tool.*")


def test_a_kind_is_found_by_name_and_point() -> None:
    kinds = [fault_kind("truncate", on=on) for on in ("tool.dccp", "tool.*", "door.BNL_DATADISK")]
    assert [kind.on for kind in kinds] == [("tool.*",), ("tool.*",), ("door.*",)]
    assert isinstance(kinds[0], FaultKind)


def test_the_nearest_fault_of_the_point_is_proposed() -> None:
    expect = (
        r"flap.toml:14: unknown fault 'http_eror' on 'server.acquire_jobs'"
        r" — did you mean 'http_status'\?"
    )
    with pytest.raises(ScenarioError, match=expect):
        check_plan(plan("http_eror", "server.acquire_jobs"))


def test_without_a_near_one_the_faults_of_the_point_are_listed() -> None:
    with pytest.raises(ScenarioError, match="known there: disk_full, few_inodes, noexec, quota, "):
        check_plan(plan("xyzzy", "node.disk"))


def test_a_fault_at_the_wrong_point_is_told_where_it_belongs() -> None:
    expect = r"fault 'refuse' does not fit 'tool.dccp' — it stands on net\.\*"
    with pytest.raises(ScenarioError, match=expect):
        check_plan(plan("refuse", "tool.dccp"))


def test_options_become_typed_fields() -> None:
    made = check_plan(plan("exit", "tool.dccp", code=3, stderr="no", delay="1m30s"))
    assert Exit(3, "no", 90.0) == made


def test_a_program_may_give_numbers_under_the_full_name() -> None:
    assert Exit(delay_s=90) == check_plan(plan("exit", "tool.dccp", delay_s=90))


def test_sizes_are_written_with_a_unit() -> None:
    made = check_plan(plan("disk_full", "node.disk", free="2 GB"))
    assert made.free_bytes == 2_000_000_000  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("do", "on", "options", "expect"),
    [
        ("exit", "tool.dccp", {"cod": 3}, "unknown option 'cod' — did you mean 'code'"),
        ("exit", "tool.dccp", {"xyzzy": 3}, "known: code, delay, stderr"),
        ("hang", "tool.dccp", {"xyzzy": 3}, "known: none"),
        ("exit", "tool.dccp", {"code": "3"}, "code = '3' is no int"),
        ("exit", "tool.dccp", {"code": True}, "code = True is no int"),
        ("exit", "tool.dccp", {"stderr": 3}, "stderr = 3 is no str"),
        ("delay", "tool.dccp", {"delay": "30"}, "delay = '30': .*is not a duration"),
        ("slow", "tool.dccp", {}, "this slows nothing down"),
        ("slow", "tool.dccp", {"factor": 0.5}, "this slows nothing down"),
        ("null_fields", "server.update_job", {"fields": [3]}, "fields = .* is no list of names"),
    ],
)
def test_a_wrong_option_is_the_authors_error(
    do: str, on: str, options: dict[str, Any], expect: str
) -> None:
    with pytest.raises(ScenarioError, match=f"^flap.toml:14: .*{expect}"):
        check_plan(plan(do, on, **options))


def test_one_name_stands_for_a_list_of_one() -> None:
    made = check_plan(plan("null_fields", "server.update_job", fields="command"))
    assert made.fields == ("command",)  # type: ignore[attr-defined]


@pytest.mark.parametrize("at", [Trigger(call=1), Trigger(every=2)])
def test_what_has_no_calls_cannot_count_them(at: Trigger) -> None:
    with pytest.raises(ScenarioError, match=r"'node.disk' has no calls that 'call' or 'every'"):
        check_plan(plan("disk_full", "node.disk", at))


def test_beginnings_of_a_phase_can_be_counted() -> None:
    assert check_plan(plan("disk_full", "node.disk", Trigger(call=2, phase="payload")))


def test_a_point_outside_of_the_world_is_refused_where_the_points_are_known() -> None:
    with pytest.raises(ScenarioError, match=r"unknown point 'tool.xrdcp'"):
        check_plan(plan("hang", "tool.xrdcp"), known=POINTS)


def test_a_wrong_trigger_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"flap.toml:14: unknown phase 'stagein'"):
        check_plan(plan("hang", "tool.dccp", Trigger(phase="stagein")))


def test_faults_are_armed_in_order_and_numbered_by_their_place(world: TinyWorld) -> None:
    plans = [
        plan("hang", "tool.dccp"),
        plan("lie", "tool.dccp", Trigger(p=0.0)),
        plan("refuse", "net.*"),
    ]
    fuses = install_faults(world, plans)
    armed = [dict(event.data) for event in world.journal.events if event.what == FAULT_ARMED]
    assert armed == [
        {"fault": "1/hang", "on": "tool.dccp", "do": "hang"},
        {"fault": "3/refuse", "on": "net.*", "do": "refuse"},
    ]
    assert [fuse.label for fuse in fuses] == ["1/hang", "3/refuse"]


def test_even_a_fault_that_never_strikes_is_checked(world: TinyWorld) -> None:
    with pytest.raises(ScenarioError, match="unknown option"):
        install_faults(world, [plan("hang", "tool.dccp", Trigger(p=0.0), xyzzy=1)])


def test_one_more_fault_behind_shifts_no_other(tmp_path: Any) -> None:
    def strikes(*others: FaultPlan) -> list[int]:
        world = TinyWorld(tmp_path / f"{len(others)}")
        fuses = install_faults(world, [plan("noise", "tool.dccp", Trigger(p=0.5)), *others])
        before = []
        for _ in range(20):
            world.do(world.tool(world.call("dccp", "a", "b")), until=world.clock.now + 100)
            before.append(fuses[0].struck)
        return before

    assert strikes() == strikes(plan("slow", "tool.dccp", Trigger(p=0.5), factor=2.0))
