"""What each fault of credentials, node, batch system and queuedata changes, and when."""

from __future__ import annotations

import math
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from fakesites import cvmfs
from fakesites.batch import BatchQueue
from fakesites.credentials import check
from fakesites.node import ProgramError
from harness.faults import known_faults
from harness.faults.node.stale_copy import ENDPOINTS
from harness.triggers import Trigger
from simkernel import ScenarioError
from tests.harness.faults.tiny_world import EPOCH
from tests.harness.faults.tiny_world import TinyWorld

HOUR = 3600
AT_ONCE = {
    "expired": "credential.proxy",
    "voms_expired": "credential.voms",
    "short": "credential.proxy",
    "missing": "credential.proxy",
    "wrong_mode": "credential.proxy",
    "revoked": "credential.proxy",
    "limited": "credential.proxy",
    "banned": "credential.proxy",
    "disk_full": "node.disk",
    "read_only": "node.disk",
    "few_inodes": "node.disk",
    "noexec": "node.disk",
    "quota": "node.disk",
    "gone": "node.cvmfs",
    "hang": "node.cvmfs",
    "as_root": "node.account",
    "no_account": "node.account",
    "clock_step": "node.clock",
    "cpu_quota": "node.cores",
    "low_limit": "node.limits",
    "not_installed": "node.tools",
    "only_in": "node.tools",
    "stale_copy": "node.cvmfs",
    "overload": "node.load",
    "unset_variable": "node.environ",
    "wrong_name": "node.hostname",
    "wrong_variable": "node.environ",
    "set": "queuedata.status",
    "null": "queuedata.status",
    "quotes": "queuedata.status",
    "newline": "queuedata.status",
}
LATER = dict.fromkeys(("signal", "preempt", "kill", "rerun", "suspend"), "batch.kill")
OF_CALLS = {"no_start", "delay", "hold", "lost"}  # tried below too: a start is a call
STATE_FAMILIES = ("batch", "credential", "node", "queuedata")


def state(world: TinyWorld) -> object:
    """Return all that a fault of state may change."""
    node = world.node
    proxy = node.files.real("/srv/cred/x509up")
    files = node.files
    return (
        (proxy.read_text(), proxy.stat().st_mode & 0o777) if proxy.exists() else None,
        (files.ballast_bytes, files.read_only, sorted(files.over_quota)),
        repr((node.conditions, node.spec, node.extra_load, node.mounted, sorted(node.missing))),
        tuple(world.batch.deeds),
        repr(world.server.queues),
        repr(world.site.storages.distrust),
    )


def test_every_fault_of_state_is_tried_below() -> None:
    points = {(kind.name, on) for kind in known_faults() for on in kind.on}
    asked = {name for name, on in points if on.partition(".")[0] in STATE_FAMILIES}
    assert asked - OF_CALLS == set(AT_ONCE) | set(LATER)


@pytest.mark.parametrize(("do", "on"), sorted({**AT_ONCE, **LATER}.items()))
def test_it_strikes_at_its_time_and_not_before(do: str, on: str, world: TinyWorld) -> None:
    world.launch("pilot-1")
    before = state(world)
    world.install(do, on=on, at=Trigger(after_s=600.0))
    world.clock.run(599.0)
    assert (before, []) == (state(world), world.fired())
    world.clock.run(601.0)
    assert before != state(world)
    assert world.fired() == [(600.0, 1)]


@pytest.mark.parametrize(("do", "on"), sorted(AT_ONCE.items()))
def test_without_a_trigger_it_strikes_at_the_installation(
    do: str, on: str, world: TinyWorld
) -> None:
    before = state(world)
    world.install(do, on=on)
    assert before != state(world)
    assert world.fired() == [(0.0, 1)]


@pytest.mark.parametrize(("do", "on"), sorted({**AT_ONCE, **LATER}.items()))
def test_with_probability_zero_nothing_changes(do: str, on: str, tmp_path: Path) -> None:
    plain, faulty = TinyWorld(tmp_path / "plain"), TinyWorld(tmp_path / "faulty")
    faulty.install(do, on=on, at=Trigger(after_s=600.0, p=0.0))
    for world in (plain, faulty):
        world.clock.run(1200.0)
    assert (state(plain), plain.text.getvalue()) == (state(faulty), faulty.text.getvalue())


@pytest.mark.parametrize("do", sorted(LATER))
def test_the_batch_system_does_not_kill_before_there_is_a_pilot(do: str, world: TinyWorld) -> None:
    with pytest.raises(ScenarioError, match="would strike before any pilot runs"):
        world.install(do, on="batch.kill")


# -- credentials


def lives(world: TinyWorld) -> tuple[int, int]:
    """Return how long the proxy and its attributes last, in hours from the start."""
    credential = world.credentials.read()
    voms = credential.voms_not_after or 0
    return round((credential.not_after - EPOCH) / HOUR), round((voms - EPOCH) / HOUR)


@pytest.mark.parametrize(
    ("do", "on", "options", "expect"),
    [
        ("expired", "credential.proxy", {"ago": "2h"}, (-2, -2)),
        ("expired", "credential.voms", {"ago": "2h"}, (96, -2)),
        ("voms_expired", "credential.proxy", {}, (96, -1)),
        ("short", "credential.proxy", {"left": "2h"}, (2, 2)),
        ("short", "credential.voms", {"left": "2h"}, (96, 2)),
    ],
)
def test_the_proxy_or_its_attributes_end_early(
    do: str, on: str, options: dict[str, Any], expect: tuple[int, int], world: TinyWorld
) -> None:
    assert lives(world) == (96, 96)
    world.install(do, on=on, options=options)
    assert expect == lives(world)


def test_attributes_that_ended_earlier_are_not_prolonged(world: TinyWorld) -> None:
    world.install("expired", on="credential.voms", options={"ago": "5h"})
    world.install("short", on="credential.proxy", options={"left": "3h"})
    assert lives(world) == (3, -5)


def test_an_expired_proxy_is_no_good_to_a_door(world: TinyWorld) -> None:
    assert check(world.credentials.read(), now=world.clock.wall()) is None
    world.install("expired", on="credential.proxy")
    reason = check(world.credentials.read(), now=world.clock.wall())
    assert reason == "the credential has expired"


def test_a_short_proxy_counts_from_when_it_was_made_short(world: TinyWorld) -> None:
    at = Trigger(after_s=4.0 * HOUR)
    world.install("short", on="credential.proxy", at=at, options={"left": "1h"})
    world.clock.run(4 * HOUR + 1)
    assert lives(world) == (5, 5)


def test_a_missing_proxy_is_missing(world: TinyWorld) -> None:
    world.install("missing", on="credential.proxy")
    with pytest.raises(FileNotFoundError):
        world.credentials.read()


@pytest.mark.parametrize("do", ["expired", "voms_expired", "short", "wrong_mode", "missing"])
def test_a_proxy_that_is_gone_cannot_change(do: str, world: TinyWorld) -> None:
    world.credentials.remove()
    world.install(do, on="credential.proxy", at=Trigger(after_s=60.0))
    world.clock.run(61.0)
    assert not world.node.files.real("/srv/cred/x509up").exists()


def test_a_wrong_mode_survives_a_renewal(world: TinyWorld) -> None:
    world.install("wrong_mode", on="credential.proxy", options={"mode": 0o640})
    world.credentials.write(world.make_credential())
    assert world.node.files.real("/srv/cred/x509up").stat().st_mode & 0o777 == 0o640


# -- the node


def test_a_full_disk_takes_no_byte(world: TinyWorld) -> None:
    world.install("disk_full", on="node.disk")
    assert world.node.free_bytes() == 0


def test_a_nearly_full_disk_gives_the_rest_back(world: TinyWorld) -> None:
    before = world.node.free_bytes()
    world.install("disk_full", on="node.disk", options={"free": "5 MB", "lasting": "1h"})
    assert world.node.free_bytes() == 5_000_000 < before
    world.clock.run(3601.0)
    assert world.node.free_bytes() == before


def test_a_read_only_disk_refuses_to_be_written(world: TinyWorld) -> None:
    world.install("read_only", on="node.disk", options={"lasting": "10m"})
    with pytest.raises(OSError, match="Read-only"):
        world.node.files.write("/srv/work/a", b"words")
    world.clock.run(601.0)
    world.node.files.write("/srv/work/a", b"words")
    assert sorted(os.listdir(world.node.files.real("/srv/work"))) == ["a"]


# -- the batch system


def test_a_signal_reaches_every_running_pilot_and_nothing_follows(world: TinyWorld) -> None:
    for name in ("pilot-1", "pilot-2", "pilot-3"):
        world.launch(name)
    world.end("pilot-2")
    at = Trigger(after_s=60.0)
    world.install("signal", on="batch.kill", at=at, options={"signal": "SIGXCPU"})
    world.clock.run(3600.0)
    expect = [(60.0, name, signal.SIGXCPU, math.inf) for name in ("pilot-1", "pilot-3")]
    assert expect == world.batch.deeds


@pytest.mark.parametrize(
    ("do", "options", "number", "notice_s"),
    [
        ("signal", {"signal": "SIGUSR1", "notice": "5m"}, signal.SIGUSR1, 300.0),
        ("preempt", {}, signal.SIGTERM, 30.0),
        ("preempt", {"notice": "1h"}, signal.SIGTERM, 3600.0),
        ("kill", {}, signal.SIGKILL, 0.0),
    ],
)
def test_the_chosen_pilot_is_struck(
    do: str, options: dict[str, Any], number: int, notice_s: float, world: TinyWorld
) -> None:
    for name in ("pilot-1", "pilot-2"):
        world.launch(name)
    chosen = {**options, "pilot": "pilot-2"}
    world.install(do, on="batch.kill", at=Trigger(after_s=60.0), options=chosen)
    world.clock.run(3600.0)
    assert [(60.0, "pilot-2", number, notice_s)] == world.batch.deeds


def test_a_suspended_pilot_goes_on_later(world: TinyWorld) -> None:
    world.launch("pilot-1")
    at = Trigger(after_s=60.0)
    world.install("suspend", on="batch.kill", at=at, options={"for": "5m"})
    world.clock.run(3600.0)
    struck = [(60.0, "pilot-1", signal.SIGSTOP, 0.0), (360.0, "pilot-1", signal.SIGCONT, 0.0)]
    assert struck == world.batch.deeds


@pytest.mark.parametrize("do", sorted(LATER))
def test_where_nobody_runs_nothing_fires(do: str, world: TinyWorld) -> None:
    world.launch("pilot-1")
    world.end("pilot-1")
    world.install(do, on="batch.kill", at=Trigger(after_s=60.0))
    world.install(do, on="batch.kill", at=Trigger(after_s=60.0), options={"pilot": "pilot-7"})
    world.clock.run(3600.0)
    assert (world.batch.deeds, world.fired()) == ([], [])


def test_a_signal_of_its_own_leaves_the_slot_to_the_pilot(world: TinyWorld) -> None:
    sent: list[int] = []
    queue = a_queue(world, signal=lambda pilot, number, reason: sent.append(number))
    world.batch = queue  # type: ignore[assignment]
    queue.submit("pilot-1", node="wn001", walltime_s=7200.0)
    world.install("signal", on="batch.kill", at=Trigger(after_s=600.0))
    world.clock.run(3600.0)
    assert (sent, queue.state("pilot-1")) == ([signal.SIGTERM], "running")


def test_in_a_phase_only_the_pilot_that_enters_it_is_killed(world: TinyWorld) -> None:
    world.install("kill", on="batch.kill", at=Trigger(phase="get-job", after_s=30.0))
    world.launch("pilot-2")
    world.clock.run(3600.0)
    assert world.batch.deeds == [(30.0, "pilot-2", signal.SIGKILL, 0.0)]


def test_of_two_pilots_in_a_phase_only_the_chosen_is_killed(world: TinyWorld) -> None:
    at = Trigger(phase="get-job", call=1)
    world.install("kill", on="batch.kill", at=at, options={"pilot": "pilot-2"})
    world.launch("pilot-1")
    world.launch("pilot-2")
    world.clock.run(3600.0)
    assert world.batch.deeds == [(0.0, "pilot-2", signal.SIGKILL, 0.0)]


def test_an_unknown_signal_is_the_authors_error(world: TinyWorld) -> None:
    with pytest.raises(ScenarioError, match="unknown signal 'SIGTREM' — did you mean 'SIGTERM'"):
        world.install(
            "signal", on="batch.kill", at=Trigger(after_s=1.0), options={"signal": "SIGTREM"}
        )


def a_queue(world: TinyWorld, **calls: Any) -> BatchQueue:
    """Return a real queue of one slot."""
    kept = {"start": lambda pilot: None, "signal": lambda pilot, number, reason: None, **calls}
    ground = {"clock": world.clock, "journal": world.journal, "points": world.points}
    return BatchQueue("Q1", **ground, **kept)


def started(world: TinyWorld, *pilots: str, **calls: Any) -> list[tuple[float, str]]:
    """Submit *pilots* to a queue of one slot; return when each of them started."""
    starts: list[tuple[float, str]] = []

    def start(pilot: str) -> None:
        starts.append((world.clock.now, pilot))
        queue.ended(pilot, 0)

    queue = a_queue(world, start=start, **calls)
    world.batch = queue  # type: ignore[assignment]
    for pilot in pilots:
        queue.submit(pilot, node="wn001")
    world.clock.run(3600.0)
    return starts


def test_a_pilot_that_never_starts_leaves_its_slot_to_the_next(world: TinyWorld) -> None:
    world.install("no_start", on="batch.start", at=Trigger(call=1))
    assert started(world, "pilot-1", "pilot-2") == [(30.0, "pilot-2")]


def test_a_pilot_that_never_starts_may_be_named(world: TinyWorld) -> None:
    world.install("no_start", on="batch.start", options={"pilot": "pilot-2"})
    assert started(world, "pilot-1", "pilot-2") == [(30.0, "pilot-1")]


def test_a_held_pilot_starts_later_and_its_slot_goes_to_the_next(world: TinyWorld) -> None:
    world.install("hold", on="batch.start", at=Trigger(call=1), options={"for": "10m"})
    assert started(world, "pilot-1", "pilot-2") == [(30.0, "pilot-2"), (660.0, "pilot-1")]


def test_a_pilot_is_held_once(world: TinyWorld) -> None:
    world.install("hold", on="batch.start", options={"for": "10m", "pilot": "pilot-2"})
    assert started(world, "pilot-1", "pilot-2") == [(30.0, "pilot-1"), (660.0, "pilot-2")]


@pytest.mark.parametrize(("options", "expect"), [({"pilot": "pilot-2"}, ["pilot-2"]), (None, [])])
def test_output_that_is_lost_is_that_of_the_pilot_meant(
    options: dict[str, Any] | None, expect: list[str], world: TinyWorld
) -> None:
    lost: list[str] = []
    if options:
        world.install("lost", on="batch.output", options=options)
    started(world, "pilot-1", "pilot-2", lose=lost.append)
    told = [each["pilot"] for each in world.journal.events if each.what == "batch.output_lost"]
    assert (expect, expect) == (lost, told)


def test_a_start_may_be_delayed(world: TinyWorld) -> None:
    world.install("delay", on="batch.start", options={"delay": "10m"})
    assert started(world, "pilot-1") == [(630.0, "pilot-1")]


# -- queuedata


@pytest.mark.parametrize(
    ("do", "options", "expect"),
    [
        ("set", {"value": "offline"}, "offline"),
        ("set", {"value": [1]}, [1]),
        ("null", {}, None),
        ("quotes", {}, '"online"'),
        ("newline", {}, "online\n"),
    ],
)
def test_a_field_changes_in_every_queue(
    do: str, options: dict[str, Any], expect: object, world: TinyWorld
) -> None:
    world.install(do, on="queuedata.status", options=options)
    assert expect == world.server.queues["Q1"]["status"]
    assert world.server.queues["Q2"]["status"] != "test"


def test_a_missing_field_is_left_out(world: TinyWorld) -> None:
    world.install("missing", on="queuedata.status", options={"queue": "Q1"})
    assert world.server.queues == {"Q1": {}, "Q2": {"status": "test"}}


def test_a_field_may_be_one_that_nobody_had(world: TinyWorld) -> None:
    world.install("set", on="queuedata.catchall", options={"value": "x", "queue": "Q2"})
    assert world.server.queues["Q2"] == {"status": "test", "catchall": "x"}


def test_an_unknown_queue_is_the_authors_error(world: TinyWorld) -> None:
    with pytest.raises(ScenarioError, match="unknown queue 'Q3'"):
        world.install("null", on="queuedata.status", options={"queue": "Q3"})


def test_a_program_that_is_in_one_folder_only_is_found_there_only(world: TinyWorld) -> None:
    world.install("only_in", on="node.tools", options={"tools": ["df"]})
    assert "/usr/sbin/df" == world.node.program("df", path="/usr/bin:/usr/sbin", cwd="/").path
    with pytest.raises(ProgramError):
        world.node.program("df", path="/usr/bin:/bin", cwd="/")


@pytest.mark.parametrize(("do", "there"), [("stale_copy", True), ("gone", False)])
def test_what_is_mounted_is_changed_in_place(world: TinyWorld, do: str, there: bool) -> None:
    cvmfs.mount(world.node, ["cric"], {"ENDPOINTS": "{}", "QUEUES": "{}"})
    copy = world.node.files.real(ENDPOINTS)
    world.install(do, on="node.cvmfs")
    assert (there, there) == (copy.exists(), there and "OLD_DATADISK" in copy.read_text())
