"""Faults that came with incidents: daemons, bytes that are no text, pauses, reports."""

from __future__ import annotations

from fakesites.node import Command
from harness.triggers import Trigger
from tests.harness.faults.test_payload_faults import KEY
from tests.harness.faults.test_payload_faults import MODEL
from tests.harness.faults.test_payload_faults import WORK
from tests.harness.faults.test_payload_faults import ends
from tests.harness.faults.test_payload_faults import run
from tests.harness.faults.tiny_world import TinyWorld


def drained(world: TinyWorld) -> bool:
    """Run a tool, and tell whether its output has come to an end within a day."""
    running = world.node.spawn(Command(("dccp", "--version"), {}, owner="pilot-1"))
    seen = running.drained
    world.clock.run(world.clock.now + 86_400)
    assert running.finished is not None
    return seen.triggered


def test_a_daemon_keeps_the_output_of_its_tool_open(world: TinyWorld) -> None:
    assert drained(world)
    world.install("daemon", on="tool.dccp", at=Trigger(call=1))
    assert not drained(world)
    (daemon,) = [each for each in world.node.processes.entered() if each.owner == "site"]
    assert (1, ("cached", "--daemon")) == (daemon.ppid, daemon.argv)
    assert drained(world), "the second call has no fault"


def test_the_output_ends_with_the_daemon(world: TinyWorld) -> None:
    world.install("daemon", on="tool.dccp")
    running = world.node.spawn(Command(("dccp", "--version"), {}, owner="pilot-1"))
    seen = running.drained
    world.clock.run(world.clock.now + 60)
    (daemon,) = [each for each in world.node.processes.entered() if each.owner == "site"]
    world.node.processes.signal(daemon.pid, 9, by="pilot")
    world.clock.run(world.clock.now + 60)
    assert seen.triggered


def test_junk_is_no_text_and_the_tool_works(world: TinyWorld) -> None:
    world.install("junk", on="tool.dccp", options={"both": True})
    call = world.call("dccp", "a", "b")
    outcome = world.do(world.tool(call))
    assert (0, "done\n") == (outcome.result, call.printed[-1])
    for text in (call.printed[0], call.errors[0]):
        assert b"\xff\xfe" in text.encode("utf-8", "surrogateescape")


def test_a_paused_payload_takes_longer_and_touches_nothing_meanwhile(world: TinyWorld) -> None:
    world.install("pause", on="payload", options={"after": "5m", "for": "1h"})
    world.node.payloads[KEY] = MODEL
    argv = ("flightsim-payload", "./payload", "--flightsim-job", KEY)
    world.node.spawn(Command(argv, {}, owner="pilot-1"))
    touched = world.node.files.real(f"{WORK}/{MODEL.touched}")

    def age_s(now: float) -> float:
        world.clock.run(now)
        world.node.settle()
        return world.clock.epoch + now - touched.stat().st_mtime

    assert [50, 3500, 20] == [round(age_s(now)) for now in (290, 3800, 3980)]
    world.clock.run(86_400)
    assert [(4200.0, 0, 0)] == ends(world)


def test_a_report_is_left_as_it_is_given(world: TinyWorld) -> None:
    world.install("report", on="payload", options={"text": '["no table"]'})
    run(world)
    assert '["no table"]' == world.node.files.real(f"{WORK}/jobReport.json").read_text()


def test_without_these_faults_nothing_of_it_happens(world: TinyWorld) -> None:
    for do, on in (("daemon", "tool.*"), ("junk", "tool.*"), ("pause", "payload")):
        world.install(do, on=on, at=Trigger(p=0.0))
    world.install("report", on="payload", at=Trigger(p=0.0))
    run(world)
    assert [(600.0, 0, 0)] == ends(world)
    assert not world.node.files.real(f"{WORK}/jobReport.json").exists()
