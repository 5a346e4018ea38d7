"""A collector of logs is told, and can do no harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pilotcore.collector import VARIABLE
from pilotcore.collector import collector_url
from pilotcore.collector import tell_collector
from pilotcore.logbook import Logbook
from pilotcore.platform import HttpFailure
from pilotcore.platform import Request
from pilotcore.platform import Response
from tests.pilotcore.grid import Grid

URL = "http://logstash.sim:5044"
ENV = {VARIABLE: f"logstash;{URL}"}


def told(tmp_path: Path, answer: Any) -> tuple[list[Request], str]:
    """Tell a collector that gives *answer*; return what it got and what the pilot's log says."""
    grid = Grid(tmp_path)
    got: list[Request] = []

    def http(request: Request) -> Response:
        got.append(request)
        if isinstance(answer, Exception):
            raise answer
        return Response(answer, b"")

    grid.platform.http = http  # type: ignore[method-assign]
    log = Logbook(grid.platform, path=tmp_path / "pilotlog.txt")
    tell_collector(grid.platform, log, ENV, job=17, text="x" * 200_000)
    return got, log.since(0)


def test_the_end_of_the_log_is_sent(tmp_path: Path) -> None:
    (request,), said = told(tmp_path, 200)
    message = json.loads(request.body)
    assert (URL, 17, 100_000) == (request.url, message["PandaID"], len(message["message"]))
    assert "" == said


@pytest.mark.parametrize("answer", [413, HttpFailure("reset", reached=True)], ids=str)
def test_what_goes_wrong_is_noted(tmp_path: Path, answer: object) -> None:
    _, said = told(tmp_path, answer)
    assert "the collector of logs did not take it" in said


@pytest.mark.parametrize(
    "text", ["", "logstash", "logstash;ftp://x", "google-cloud-logging;https://x"]
)
def test_what_cannot_be_spoken_to_is_no_collector(text: str) -> None:
    assert "" == collector_url({VARIABLE: text})
