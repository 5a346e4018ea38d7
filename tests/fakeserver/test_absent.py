"""What is not here is in a table, and is not here."""

from __future__ import annotations

import pytest

from fakeserver import endpoint_of
from fakeserver.absent import ABSENT
from fakeserver.wire import HttpRequest
from tests.fakeserver.servers import Bench
from tests.fakeserver.speakers import ask


@pytest.mark.parametrize(("path", "why"), ABSENT)
def test_what_is_absent_is_not_found_and_says_why(path: str, why: str) -> None:
    assert endpoint_of("POST", path) is None
    assert why


def test_nothing_is_absent_twice() -> None:
    assert len(ABSENT) == len({path for path, _ in ABSENT})


def test_a_request_for_it_is_answered_as_by_a_server_that_has_not_got_it(bench: Bench) -> None:
    answer = ask(bench, HttpRequest("POST", "/api/v1/idds/relay_idds_command"))
    expected = (403, b"ERROR : method relay_idds_command is forbidden")
    assert expected == (answer.status, answer.body)
