"""What is said in the terminal."""

from __future__ import annotations

import io
import sys
from collections import Counter

import pytest

from fakeserver.live.talk import Talk
from fakeserver.live.talk import progress
from tests.fakeserver.live.running import Running
from tests.fakeserver.servers import spec


class Terminal(io.StringIO):
    """A terminal that remembers."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, "no jobs · 5 requests, 2 a second"),
        ({"running": 2, "finished": 1}, "2 running, 1 finished · 5 requests, 2 a second"),
        (
            {"waiting": 2, "defined": 1, "activated": 4},
            "3 not ready, 4 waiting for a pilot · 5 requests, 2 a second",
        ),
    ],
)
def test_progress_is_one_line(counts: dict[str, int], expected: str) -> None:
    assert expected == progress(Counter(counts), total=5, rate=2.2)


def test_a_terminal_has_one_line_that_is_overwritten(
    plain: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    plain.live.model.define_job(spec(1))
    talk = Talk(plain.serving)
    for _ in range(2):
        talk.show(interval_s=1.0)
    talk.clear()
    assert 3 == terminal.getvalue().count("\r\x1b[K")
    assert "1 waiting for a pilot · 0 requests" in terminal.getvalue()
    assert "\n" not in terminal.getvalue()


def test_elsewhere_nothing_is_said(plain: Running, capsys: pytest.CaptureFixture[str]) -> None:
    talk = Talk(plain.serving)
    talk.show(interval_s=1.0)
    talk.clear()
    assert ("", "") == tuple(capsys.readouterr())
