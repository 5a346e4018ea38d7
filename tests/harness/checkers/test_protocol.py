"""Pilots call only endpoints that the server has."""

from __future__ import annotations

from harness.checkers.protocol import protocol
from tests.harness.journals import complete
from tests.harness.journals import story
from tests.harness.journals import texts


def test_known_endpoints_are_right() -> None:
    assert [] == protocol(complete().flight())


def test_an_unknown_endpoint_is_found_once_a_path() -> None:
    told = story()
    for at in (60, 70, 80):
        told.add("server.unknown_endpoint", at=at, path="/server/panda/getJobs", nearest=["getJob"])
    findings = protocol(told.flight())
    assert [
        (
            "unknown endpoint /server/panda/getJobs called 3 time(s) from 0:01:00 on; "
            "the nearest known is getJob"
        )
    ] == texts(findings)
    assert (60.0, (0, 1, 2)) == (findings[0].at_s, findings[0].witnesses)
