"""Signed job records."""

from __future__ import annotations

import pytest

from fakeserver import Policy
from fakeserver.dispatch import JobRequest
from fakeserver.signing import proves
from fakeserver.signing import server_key
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec


@pytest.fixture
def record() -> dict[str, object]:
    """Return the record of a job as a server that signs hands it out."""
    bench = Bench(Policy(signed_records=True))
    bench.server.define_job(spec(1))
    (record,) = bench.server.dispatch(
        JobRequest(QUEUE, "managed"), who="pilot-1", now=bench.dial.now
    )
    return record


def test_a_record_is_proved_by_its_servers_key(record: dict[str, object]) -> None:
    assert proves(record, key=server_key("sim").public)


@pytest.mark.parametrize(
    "change",
    [
        {"transformation": "http://elsewhere/trf"},
        {"encrypt": "nonsense!"},
        {"encrypt": ""},
        {"encrypt": "QUJD"},
    ],
)
def test_a_record_that_was_tampered_with_is_not(
    record: dict[str, object], change: dict[str, object]
) -> None:
    assert not proves(record | change, key=server_key("sim").public)


def test_another_servers_key_does_not_prove_it(record: dict[str, object]) -> None:
    assert not proves(record, key=server_key("other").public)


def test_records_are_not_signed_unless_the_policy_says_so(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    (record,) = bench.server.dispatch(
        JobRequest(QUEUE, "managed"), who="pilot-1", now=bench.dial.now
    )
    assert "encrypt" not in record
