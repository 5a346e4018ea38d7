"""Request variables."""

from __future__ import annotations

from typing import Any

import pytest

from fakeserver.variables import VariableError
from fakeserver.variables import bind_legacy
from fakeserver.variables import bind_modern
from fakeserver.variables import variables

KNOWN = variables(
    """
    jobId    job_id   int     required
    state    status   str     required
    ratio    ratio    float
    size     size     number
    on       on       bool
    ids      ids      ints
    names    names    list
    any      any      any
    old      -        str
    -        new      str
"""
)
ENOUGH = {"job_id": 1, "status": "running"}


def test_legacy_variables_keep_their_names() -> None:
    given = {"jobId": "1", "state": "running", "old": "x"}
    assert given == bind_legacy(KNOWN, given, method="updateJob")


def test_modern_variables_get_the_legacy_name_if_there_is_one() -> None:
    bound = bind_modern(KNOWN, ENOUGH | {"new": "x"}, cast=False)
    assert {"jobId": 1, "state": "running", "new": "x"} == bound


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"jobId": 1, "state": "x", "new": 1}, "f() got an unexpected keyword argument 'new'"),
        ({"jobId": 1}, "f() missing 1 required positional argument: 'state'"),
        ({}, "f() missing 2 required positional arguments: 'jobId' and 'state'"),
    ],
)
def test_the_legacy_complaint_is_that_of_a_python_call(given: dict[str, Any], text: str) -> None:
    def f(jobId: int, state: str) -> None: ...

    with pytest.raises(TypeError) as genuine:
        f(**given)
    with pytest.raises(VariableError) as modelled:
        bind_legacy(KNOWN, given, method="f")
    assert text == str(modelled.value)
    assert str(genuine.value).endswith(text)


def test_three_missing_arguments_are_listed_as_python_does() -> None:
    known = variables("a a any required\nb b any required\nc c any required")
    with pytest.raises(VariableError, match="'a', 'b', and 'c'"):
        bind_legacy(known, {}, method="f")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"status": "x"}, "Argument error: missing a required argument: 'job_id'"),
        ({"old": "x"}, "Argument error: got an unexpected keyword argument 'old'"),
        ({"job_id": "1"}, "Type error: 'job_id' must be of type int, got str."),
        ({"ratio": 5}, "Type error: 'ratio' must be of type float, got int."),
        ({"size": "5"}, "Type error: 'size' must be of type number, got str."),
        ({"on": "True"}, "Type error: 'on' must be of type bool, got str."),
        ({"ids": "5"}, "Type error: 'ids' must be of type list, got str."),
        ({"ids": [1, "2"]}, "Type error: All elements in 'ids' must be int."),
        ({"job_id": None}, "Type error: 'job_id' must be of type int, got NoneType."),
    ],
)
def test_api_v1_says_what_is_wrong(given: dict[str, Any], text: str) -> None:
    values = given if "status" in given else ENOUGH | given
    with pytest.raises(VariableError) as error:
        bind_modern(KNOWN, values, cast=False)
    assert text == str(error.value)


@pytest.mark.parametrize(
    "given",
    [{"ratio": None}, {"ratio": 5.0}, {"size": 5}, {"size": 5.5}, {"on": True}, {"any": object()}],
)
def test_api_v1_takes_the_right_types_and_null_for_what_is_optional(given: dict[str, Any]) -> None:
    assert ENOUGH.keys() | given.keys() == {
        {"jobId": "job_id", "state": "status"}.get(name, name)
        for name in bind_modern(KNOWN, ENOUGH | given, cast=False)
    }


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("job_id", "12", 12),
        ("job_id", "12.9", 12),
        ("ratio", "5", 5.0),
        ("size", "5", 5.0),
        ("on", "true", True),
        ("on", "1", True),
        ("on", "no", False),
        ("ids", "5", [5]),
        ("ids", ["5", "6.0"], [5, 6]),
        ("names", "a", ["a"]),
        ("names", ["a", "b"], ["a", "b"]),
        ("ratio", "None", None),
    ],
)
def test_values_of_a_query_are_cast(name: str, text: Any, expected: Any) -> None:
    given = {"job_id": "1", "status": "x", name: text}
    bound = bind_modern(KNOWN, given, cast=True)
    assert expected == bound["jobId" if name == "job_id" else name]


def test_what_cannot_be_cast_is_refused() -> None:
    with pytest.raises(VariableError, match="could not be casted to type int from str"):
        bind_modern(KNOWN, {"job_id": "one", "status": "x"}, cast=True)
