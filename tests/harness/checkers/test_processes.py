"""No process of others touched, none of ours left."""

from __future__ import annotations

import pytest

from harness.checkers.processes import processes
from harness.findings import Finding
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import story
from tests.harness.journals import texts


def found(told: Story) -> list[Finding]:
    return processes(told.flight())


def signalled(
    owner: str, *, signal: object = 15, result: str = "delivered", by: str = "pilot-1"
) -> Story:
    """Tell of a signal to a process of *owner*."""
    told = story().pilot().pilot("pilot-2").process("/usr/sbin/sshd", pid=77, at=1, owner=owner)
    return told.add(
        "process.signal", who="n1", at=3600, pid=77, signal=signal, by=by, result=result
    )


def left(*, owner: str = "pilot-1") -> Story:
    """Tell of a pilot that ended on its own, and of a process that was left."""
    told = complete().process("sleep", pid=90, at=100, owner=owner)
    return told.add("node.left", who="n1", at=7400, pid=90, argv=["/bin/sleep", "9"], owner=owner)


def test_a_pilot_may_signal_its_own_processes() -> None:
    assert [] == found(signalled("pilot-1"))


@pytest.mark.parametrize("owner", ["slot/pilot-1", "batch:pilot-1"])
def test_a_pilot_may_signal_the_processes_of_its_slot(owner: str) -> None:
    assert [] == found(signalled(owner))


@pytest.mark.parametrize("owner", ["batch", "system", "pilot-2", "pilot-10", "decoy"])
def test_a_signal_to_a_process_of_others_is_found(owner: str) -> None:
    findings = found(signalled(owner))
    assert [
        f"pilot-1 sent SIGTERM to process 77 (sshd) of owner {owner} on n1 at 1:00:00: delivered"
    ] == texts(findings)
    assert 3600.0 == findings[0].at_s


def test_a_signal_that_was_not_allowed_was_sent_all_the_same() -> None:
    assert 1 == len(found(signalled("system", result="EPERM")))


def test_a_signal_to_nobody_hurts_nobody() -> None:
    told = story().pilot()
    told.add("process.signal", who="n1", at=5, pid=4, signal=9, by="pilot-1", result="ESRCH")
    assert [] == found(told)


def test_a_process_that_nobody_knows_is_not_the_pilots() -> None:
    told = story().pilot()
    told.add("process.signal", who="n1", at=5, pid=1, signal=9, by="pilot-1", result="delivered")
    assert [
        "pilot-1 sent SIGKILL to process 1 of unknown owner on n1 at 0:00:05: delivered"
    ] == texts(found(told))


def test_signal_0_asks_and_does_nothing() -> None:
    assert [] == found(signalled("system", signal=0))


def test_the_batch_system_may_signal_pilots() -> None:
    assert [] == found(signalled("pilot-1", by="batch"))


def test_many_signals_to_one_process_are_one_finding() -> None:
    told = signalled("batch")
    told.add(
        "process.signal", who="n1", at=3610, pid=77, signal=9, by="pilot-1", result="delivered"
    )
    assert ["pilot-1 sent SIGTERM, SIGKILL to process 77"] == [
        text.split(" (")[0] for text in texts(found(told))
    ]


def test_a_pid_belongs_to_whoever_has_it_now() -> None:
    told = signalled("system").process("payload.sh", pid=77, at=3000, owner="pilot-1")
    assert [] == found(told)


def test_a_process_left_alive_is_found() -> None:
    assert ["pilot-1 left process 90 (sleep) alive on n1 when it had ended, at 2:03:20"] == texts(
        found(left())
    )


def test_a_process_of_others_may_live_on() -> None:
    assert [] == found(left(owner="system"))


def test_a_process_that_survived_sigkill_is_not_the_pilots_fault() -> None:
    told = left()
    told.add(
        "process.signal", who="n1", at=7300, pid=90, signal=9, by="pilot-1", result="delivered"
    )
    assert [] == found(told)


def test_a_pilot_that_was_shot_could_not_tidy_up() -> None:
    told = story().pilot().signal("SIGKILL", at=50).leave(at=50, code=None, signal=9)
    assert [] == found(told.add("node.left", who="n1", at=51, pid=9, argv=["x"], owner="pilot-1"))


def test_a_pilot_that_had_notice_could_have_tidied_up() -> None:
    told = story().pilot().signal("SIGTERM", at=10).signal("SIGKILL", at=50).leave(at=50, signal=9)
    told.add("node.left", who="n1", at=51, pid=9, argv=["x"], owner="pilot-1")
    assert 1 == len(found(told))


def test_a_polite_signal_does_not_excuse_what_is_left() -> None:
    told = left()
    told.add(
        "process.signal", who="n1", at=7300, pid=90, signal=15, by="pilot-1", result="delivered"
    )
    assert 1 == len(found(told))


def test_another_pilots_notice_was_not_this_ones() -> None:
    told = story().pilot("pilot-2").signal("SIGTERM", at=10)
    told.pilot().signal("SIGKILL", at=50).leave(at=50, code=None, signal=9)
    assert [] == found(told.add("node.left", who="n1", at=51, pid=9, argv=["x"], owner="pilot-1"))


# -- monitors


def monitored(*starts: tuple[int, float]) -> Story:
    """Tell of a payload (process 80, from 0:01:40 to 0:33:20) and of monitors, pid and time."""
    told = story().pilot().dispatch().process("bash", pid=80, at=100, until=2000)
    for pid, at in starts:
        told.process("/cvmfs/prmon", "--pid", "80", pid=pid, at=at, until=at + 60)
    return told


def test_a_monitor_may_be_started_again_while_there_is_something_to_watch() -> None:
    assert [] == found(monitored((81, 200), (82, 300), (83, 1990)))


def test_a_monitor_of_what_has_gone_is_found() -> None:
    (text,) = texts(found(monitored((81, 2001), (82, 2100))))
    assert (
        "prmon (process 81 on n1) was started by 0:33:21 to watch process 80, which is gone" == text
    )


def test_two_monitors_of_one_process_are_found() -> None:
    (text,) = texts(found(monitored((81, 200), (82, 230))))
    assert text.endswith("to watch process 80, as 81 did already")
