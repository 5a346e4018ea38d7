"""Where in a pilot's code its failure lies, read from its output."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.blame import Blame
from harness.blame import blame_of

CRASH = """2026-03-01 08:01:30,110 | INFO     | pilot arguments: Namespace(debug=False)
Traceback (most recent call last):
  File "/opt/flightsim/guest/program.py", line 111, in _outcome
    runpy.run_path(config["argv"][0], run_name="__main__")
  File "/srv/pilot/pilot.py", line 599, in <module>
    trace = main()
            ^^^^^^
  File "/srv/pilot/pilot/util/transport.py", line 337, in HttpTransport
    def __auth(self) -> HTTPBasicAuth:
                        ^^^^^^^^^^^^^
NameError: name 'HTTPBasicAuth' is not defined
"""
HANDLED = """Traceback (most recent call last):
  File "/srv/pilot/pilot/api/data.py", line 5, in copy
    raise Oops("harmless")
Oops: harmless
2026-03-01 08:01:30,110 | INFO     | went on
"""
THREAD = """exception caught by thread run() function: (<class 'TypeError'>, TypeError("no"), <t>)
Traceback (most recent call last):
  File "/tmp/flightsim.07/pilot/pilot/common/exception.py", line 435, in run
    self._target(**self._kwargs)
  File "/tmp/flightsim.07/pilot/pilot/control/job.py", line 1374, in retrieve
    exit_code, diagnostics = userproxy.verify_proxy(test=False)
  File "/usr/lib/python3.11/json/decoder.py", line 355, in raw_decode
    raise JSONDecodeError("Expecting value", s, err.value) from None
TypeError: no

None
exception has been put in bucket queue belonging to thread 'retrieve'
and so on
"""


def blame(tmp_path: Path, text: str) -> Blame | None:
    output = tmp_path / "pilot-1.out"
    output.write_text(text)
    return blame_of(output)


def test_the_innermost_place_of_the_pilots_own_code_is_named(tmp_path: Path) -> None:
    expect = Blame(
        "pilot/util/transport.py",
        337,
        "def __auth(self) -> HTTPBasicAuth:",
        "NameError: name 'HTTPBasicAuth' is not defined",
    )
    assert expect == blame(tmp_path, CRASH)
    assert expect.text.startswith("pilot/util/transport.py:337: NameError: name")


def test_what_ended_a_thread_counts_more_than_what_was_handled(tmp_path: Path) -> None:
    found = blame(tmp_path, HANDLED + THREAD)
    assert found is not None
    assert ("pilot/control/job.py", 1374, "TypeError: no") == (found.file, found.line, found.said)


def test_what_was_handled_is_better_than_nothing(tmp_path: Path) -> None:
    found = blame(tmp_path, HANDLED)
    assert found is not None
    assert "pilot/api/data.py:5: Oops: harmless" == found.text


@pytest.mark.parametrize("text", ["", "no traceback\n", "Traceback (most recent call last):\n"])
def test_a_pilot_that_says_nothing_is_not_blamed(tmp_path: Path, text: str) -> None:
    assert blame(tmp_path, text) is None


def test_an_output_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert blame_of(tmp_path / "none") is None
