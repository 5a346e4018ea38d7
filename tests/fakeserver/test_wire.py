"""Bytes to variables and back."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeserver import Job
from fakeserver.record import record_of
from fakeserver.wire import JSON
from fakeserver.wire import BodyError
from fakeserver.wire import HttpRequest
from fakeserver.wire import read_legacy
from fakeserver.wire import read_modern
from fakeserver.wire import write_legacy
from fakeserver.wire import write_modern
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import FORM
from tests.fakeserver.speakers import read

VALUES = {"jobId": 1, "node": "wn=1&2", "xml": '{"a": "b c"}'}


def posted(body: bytes, *, kind: str = JSON, encoding: str = "") -> HttpRequest:
    """Return a POST of *body*."""
    return HttpRequest("POST", "/x", content_type=kind, content_encoding=encoding, body=body)


def test_a_legacy_body_is_unzipped_although_nothing_says_so() -> None:
    assert VALUES == read_legacy(posted(gzip.compress(json.dumps(VALUES).encode())))


def test_a_legacy_body_may_be_plain_json() -> None:
    assert VALUES == read_legacy(posted(json.dumps(VALUES).encode()))


def test_legacy_truth_values_become_text() -> None:
    body = b'{"modeOn": true, "off": false, "n": 1}'
    assert {"modeOn": "True", "off": "False", "n": 1} == read_legacy(posted(body))


def test_a_form_keeps_empty_values_and_collects_repeated_ones() -> None:
    body = b"a=1&b=&c=x%20y&d=1&d=2&d=3"
    expected = {"a": "1", "b": "", "c": "x y", "d": ["1", "2", "3"]}
    assert expected == read_legacy(posted(body, kind=FORM)) == read_modern(posted(body, kind=FORM))


def test_a_get_is_read_from_its_query() -> None:
    request = HttpRequest("GET", "/x", query="client_name=pilot&k=1", content_type=JSON)
    assert {"client_name": "pilot", "k": "1"} == read_legacy(request)


def test_a_modern_body_is_unzipped_if_the_header_says_so() -> None:
    body = json.dumps(VALUES).encode()
    assert VALUES == read_modern(posted(body))
    assert VALUES == read_modern(posted(gzip.compress(body), encoding="gzip"))


@pytest.mark.parametrize(
    "request_",
    [
        posted(gzip.compress(b"{}")),
        posted(b"{}", encoding="gzip"),
        posted(gzip.compress(b"{}" * 99)[:-9], encoding="gzip"),
        posted(b"{"),
        posted(b""),
        posted(b"\xff\xfe"),
        posted(b"[1]"),
    ],
)
def test_a_modern_body_that_cannot_be_read_is_an_error(request_: HttpRequest) -> None:
    with pytest.raises(BodyError):
        read_modern(request_)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\x1f\x8bjunk", b"[1]", b"7"])
def test_a_legacy_body_that_cannot_be_read_is_an_error(body: bytes) -> None:
    with pytest.raises(BodyError):
        read_legacy(posted(body))


def test_text_is_answered_as_it_is_in_any_case() -> None:
    for as_json in (False, True):
        answer = write_legacy("Succeeded", as_json=as_json)
        assert (200, "text/plain", b"Succeeded") == (answer.status, answer.kind, answer.body)


def test_a_modern_answer_without_json_is_the_text_of_a_dict() -> None:
    answer = write_modern({"success": True, "data": None}, as_json=False)
    assert b"{'success': True, 'data': None}" == answer.body


def as_text(record: dict[str, Any]) -> dict[str, str]:
    """Return *record* as a url-encoded answer brings it."""
    return {key: str(value) for key, value in record.items()}


def test_a_job_record_parses_back_equal_from_both_encodings() -> None:
    record = record_of(Job(spec(6000000001)))
    assert record == read(write_legacy(record, as_json=True))
    assert as_text(record) == read(write_legacy(record, as_json=False))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.dictionaries(st.text("abcXYZ_", min_size=1), TEXTS | st.integers(), min_size=1))
def test_any_answer_parses_back_equal_from_both_encodings(record: dict[str, Any]) -> None:
    assert record == read(write_legacy(record, as_json=True))
    assert as_text(record) == read(write_legacy(record, as_json=False))


def test_lists_travel_as_json_in_a_url_encoded_answer() -> None:
    content = read(write_legacy({"eventRanges": [{"a": 1}]}, as_json=False))
    assert [{"a": 1}] == json.loads(content["eventRanges"])
