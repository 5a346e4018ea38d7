"""A far replica in the first place."""

from __future__ import annotations

import json

from harness.faults.tool.far_replica import NAME
from harness.faults.tool.far_replica import with_far

RECORD = {"name": "a", "pfns": {"near": {"priority": 1}}, "rses": {"NEAR": ["near"]}}


def test_it_is_first_in_an_answer_in_json_and_by_priority_the_last() -> None:
    (record,) = json.loads(with_far(json.dumps([RECORD])))
    first, second = record["pfns"].values()
    assert [NAME, "NEAR"] == list(record["rses"])
    assert second["priority"] < first["priority"]


def test_it_is_first_in_a_metalink() -> None:
    text = ' <file>\n  <identity>mc:a</identity>\n  <url location="NEAR">near</url>\n'
    assert with_far(text).index(NAME) < with_far(text).index("NEAR")


def test_of_a_file_that_is_nowhere_there_is_no_far_replica_either() -> None:
    text = " <file>\n  <identity>mc:a</identity>\n </file>\n"
    assert (text, "no answer\n") == (with_far(text), with_far("no answer\n"))
