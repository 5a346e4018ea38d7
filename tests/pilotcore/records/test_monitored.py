"""What prmon has measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pilotcore.records.monitored import monitored
from pilotcore.watch.monitor import SUMMARY

GOOD = {"Max": {"rss": 9, "pss": 7, "vmem": 20}, "Avg": {"rss": 8.4, "pss": 6.6}}


def test_the_summary_fills_the_fields(tmp_path: Path) -> None:
    (tmp_path / SUMMARY).write_text(json.dumps(GOOD))
    assert {"maxRSS": 9, "maxPSS": 7, "maxVMEM": 20, "avgRSS": 8, "avgPSS": 7} == monitored(
        tmp_path
    )


@pytest.mark.parametrize("text", ["", "[]", "{", '{"Max": null}', '{"Max": {"rss": "x"}}', "7"])
def test_a_summary_that_is_garbage_fills_none(tmp_path: Path, text: str) -> None:
    (tmp_path / SUMMARY).write_text(text)
    assert {} == monitored(tmp_path)


def test_without_one_there_is_nothing(tmp_path: Path) -> None:
    assert {} == monitored(tmp_path)
