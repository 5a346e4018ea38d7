"""Jobs of the event service, from their first range to their final state."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pilotcore.data.locations import rucio_path
from pilotcore.platform import Exit
from pilotcore.platform import Request
from pilotcore.platform import Response
from tests.pilotcore.grid import DOOR
from tests.pilotcore.grid import ROOT
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import lost
from tests.pilotcore.grid import record
from tests.pilotcore.grid import refused
from tests.pilotcore.grid import turl
from tests.pilotcore.run.grid import EventGrid
from tests.pilotcore.run.grid import event_record
from tests.pilotcore.scripted import ScriptedChild

PREFIX = "EventService_premerge_"


@pytest.fixture
def events(tmp_path: Path) -> EventGrid:
    return EventGrid(tmp_path)


def names(*numbers: int) -> list[str]:
    return [f"11-6001-1-{number}-10" for number in numbers]


def bundles(grid: Grid) -> set[str]:
    return {place.rpartition("/")[2] for place in grid.storage if PREFIX in place}


def test_every_range_is_done_stored_and_reported(events: EventGrid) -> None:
    assert (0, "finished") == (events.fly(), events.final["state"])
    assert [*names(1, 2, 3)] == events.finished
    assert {lfn for _, _, lfn in events.told} == bundles(events)


def test_a_range_is_stored_before_it_is_reported(events: EventGrid) -> None:
    first = events.updateEventRanges
    early: list[str] = []

    def update(fields: dict[str, object]) -> object:
        answer = first(fields)
        early.extend(lfn for _, _, lfn in events.told if lfn not in bundles(events))
        return answer

    events.updateEventRanges = update  # type: ignore[method-assign,assignment]
    events.fly()
    assert (3, []) == (len(events.told), early)


def test_outputs_go_to_the_storage_for_events(events: EventGrid) -> None:
    events.fly()
    name = f"{PREFIX}{names(1)[0]}.tar.gz"
    assert f"{DOOR}{ROOT}{rucio_path('transient', name)}" in events.storage


def test_the_next_range_is_asked_for_before_the_payload_wants_it(events: EventGrid) -> None:
    slow = events.getEventRanges

    def ask(fields: dict[str, object]) -> object:
        events.platform.sleep(50.0)
        return slow(fields)

    events.getEventRanges = ask  # type: ignore[method-assign,assignment]
    events.fly()
    taken = [at for at, _ in events.took]
    assert max(after - before for before, after in pairwise(taken)) < 130.0


def test_a_job_for_which_there_are_no_ranges_does_not_start_its_payload(events: EventGrid) -> None:
    events.left = []
    events.fly()
    final = events.final
    assert ("failed", 1238) == (final["state"], final["pilotErrorCode"])
    assert "pilot_noevents" == final["jobSubStatus"]
    assert not [child for child in events.platform.children if child.argv[0] == "/bin/bash"]


def test_a_range_that_the_payload_cannot_do_fails_alone(events: EventGrid) -> None:
    events.failing = set(names(2))
    events.fly()
    assert "finished" == events.final["state"]
    assert {(name, status) for name, status, _ in events.told} == {
        *((name, "finished") for name in names(1, 3)),
        (names(2)[0], "failed"),
    }


def test_nothing_is_asked_for_a_payload_that_has_ended(events: EventGrid) -> None:
    slow = events.getEventRanges
    asked: list[float] = []

    def ask(fields: dict[str, object]) -> object:
        asked.append(events.platform.clock.now)
        if len(asked) > 1:
            raise refused()
        return slow(fields)

    def payload(child: ScriptedChild) -> Exit:
        assert child.command.env is not None
        events.say(Path(child.command.env["PILOT_EVENTRANGECHANNEL"]), "Ready for events")
        child.sleep(90.0)
        return Exit(3)

    events.getEventRanges = ask  # type: ignore[method-assign,assignment]
    events.left = names(1)
    events.run_payload = payload  # type: ignore[method-assign]
    events.fly()
    ended = events.platform.clock.now
    events.platform.clock.run(lambda: events.platform.clock.now > ended + 400.0 or not more(events))
    assert ("failed", True) == (events.final["state"], max(asked) < 100.0)


def more(events: EventGrid) -> bool:
    """Tell whether anything is still to happen."""
    return bool(events.platform.clock._timers or events.platform.clock._ready)


def test_a_server_that_hangs_does_not_take_the_time_that_is_left(events: EventGrid) -> None:
    asked: list[float] = []
    first = events.http

    def http(request: Request) -> Response:
        if request.url.endswith("updateEventRanges"):
            asked.append(request.timeout_s)
        return first(request)

    events.platform._http = http
    stores_at_the_end(events)
    events.signal_at(300.0)
    events.fly()
    assert (120.0, True) == (asked[0], asked[-1] <= 5.0)


def test_what_a_payload_says_twice_is_reported_once(events: EventGrid) -> None:
    first = events.outcome
    events.outcome = lambda home, name: "\n".join([first(home, name)] * 2)  # type: ignore[method-assign]
    events.fly()
    assert ("finished", names(1, 2, 3)) == (events.final["state"], events.finished)
    assert "which it does not have" in events.log


def test_a_job_of_which_every_range_failed_has_failed(events: EventGrid) -> None:
    events.failing = set(names(1, 2, 3))
    events.fly()
    assert ("failed", 1224) == (events.final["state"], events.final["pilotErrorCode"])


def test_a_range_whose_output_cannot_be_stored_fails_alone(events: EventGrid) -> None:
    first = events.run_xrdcp

    def put(child: ScriptedChild) -> Exit:
        if f"{PREFIX}{names(2)[0]}" in child.argv[-1]:
            return Exit(54, 0, "", "no space left\n")
        return first(child)

    events.run_xrdcp = put  # type: ignore[method-assign]
    events.fly("--stageout-attempts", "1")
    statuses = {name: status for name, status, _ in events.told}
    assert {**dict.fromkeys(names(1, 3), "finished"), names(2)[0]: "failed"} == statuses
    assert "finished" == events.final["state"]


def test_a_lost_answer_costs_its_ranges_only(events: EventGrid) -> None:
    slow = events.getEventRanges
    calls: list[int] = []

    def ask(fields: dict[str, object]) -> object:
        calls.append(1)
        answer = slow(fields)
        if len(calls) == 2:
            raise lost()
        return answer

    events.getEventRanges = ask  # type: ignore[method-assign,assignment]
    events.fly()
    assert ("finished", names(1, 3)) == (events.final["state"], events.finished)


def test_a_report_is_repeated_until_it_is_heard(events: EventGrid) -> None:
    events.refusals = [refused(), lost()]
    events.fly()
    assert names(1, 2, 3) == sorted(set(events.finished))


def test_what_nobody_heard_of_does_not_count(events: EventGrid) -> None:
    events.refusals = [refused()] * 20
    events.fly()
    assert ("failed", 1318) == (events.final["state"], events.final["pilotErrorCode"])


def test_a_softkill_lets_the_payload_finish_what_it_has(events: EventGrid) -> None:
    events.command = "softkill"
    events.fly()
    # The second one had been taken when the first one was reported.
    assert ("finished", names(1, 2)) == (events.final["state"], events.finished)


def test_tobekilled_ends_the_job(events: EventGrid) -> None:
    events.command = "tobekilled"
    events.fly()
    assert ("failed", 1144) == (events.final["state"], events.final["pilotErrorCode"])


def stores_at_the_end(events: EventGrid) -> None:
    """Have all outputs but the first stored when the payload has ended."""
    queue = events.queue()
    assert isinstance(queue, dict)
    events.queue = lambda: {**queue, "zip_time_gap": 9999}  # type: ignore[method-assign]
    events.copy_s = 1.0


def test_what_is_made_is_saved_when_the_pilot_is_told_to_stop(events: EventGrid) -> None:
    stores_at_the_end(events)
    events.signal_at(300.0)
    events.fly()
    assert (1201, names(1, 2)) == (events.final["pilotErrorCode"], events.finished)


def test_a_payload_that_dies_has_what_it_made_counted(events: EventGrid) -> None:
    events.payload_exit = 7
    events.fly()
    final = events.final
    assert ("failed", 1305, 7) == (
        final["state"],
        final["pilotErrorCode"],
        final["transExitCode"],
    )
    assert names(1, 2, 3) == events.finished


def test_the_log_has_what_was_said_and_no_outputs(events: EventGrid) -> None:
    events.fly()
    members = events.log_members()
    assert "event_channel/to_pilot" in members
    assert not [name for name in members if name.startswith(("out.", PREFIX))]


def streaming(grid: EventGrid) -> None:
    """Let the job have an input for each range, fetched when it is needed."""
    lfns = [f"in{number}.root" for number in (1, 2, 3)]
    grid.jobs = [
        event_record(
            usePrefetcher="True",
            inFiles=",".join(lfns),
            GUID="A,B,C",
            fsize="1,1,1",
            checksum="NULL,NULL,NULL",
            scopeIn="mc,mc,mc",
            ddmEndPointIn="DISK,DISK,DISK",
        )
    ]
    grid.storage |= {turl("mc", lfn): b"x" for lfn in lfns}
    grid.copy_s = 100.0
    first = grid.getEventRanges

    def ask(fields: dict[str, object]) -> object:
        lfn = f"in{4 - len(grid.left)}.root"
        answer = first(fields)
        return type(answer)(200, answer.body.replace(b"in.root", lfn.encode()))

    grid.getEventRanges = ask  # type: ignore[method-assign,assignment]


def test_streamed_inputs_come_while_the_payload_works(events: EventGrid) -> None:
    streaming(events)
    events.fly()
    first, second, third = (at for at, _ in events.took)
    assert first < 120.0
    assert (True, True) == (second - first < 130.0, third - second < 130.0)
    assert "finished" == events.final["state"]


def test_a_range_whose_input_cannot_be_had_fails_alone(events: EventGrid) -> None:
    streaming(events)
    del events.storage[turl("mc", "in2.root")]
    events.fly("--stagein-attempts", "1")
    statuses = {name: status for name, status, _ in events.told}
    assert {**dict.fromkeys(names(1, 3), "finished"), names(2)[0]: "failed"} == statuses


def test_a_clone_is_no_job_of_the_event_service(tmp_path: Path) -> None:
    grid = Grid(tmp_path)
    grid.jobs = [record(cloneJob="runonce", eventService="True")]
    grid.ranges = [[{"eventRangeID": "1"}]]
    grid.payload_s = 60.0
    grid.fly()
    asked = [urlsplit(each.request.url).path for each in grid.platform.asked]
    assert ("finished", 1) == (grid.final["state"], asked.count("/server/panda/getEventRanges"))
