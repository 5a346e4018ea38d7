"""One server a file, and a dead one is no obstacle."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from fakeserver.store.claim import Claim
from simkernel import ScenarioError


def test_a_claim_is_exclusive_until_it_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "store"
    claim = Claim(path)
    with pytest.raises(ScenarioError, match="another server"):
        Claim(path)
    claim.close()
    claim.close()
    Claim(path).close()


def test_a_killed_process_leaves_no_claim(tmp_path: Path) -> None:
    path, reader, writer = tmp_path / "store", *os.pipe()
    child = os.fork()
    if not child:
        Claim(path)
        os.write(writer, b"x")
        signal.pause()
    assert b"x" == os.read(reader, 1)
    with pytest.raises(ScenarioError):
        Claim(path)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    Claim(path).close()
    os.close(reader)
    os.close(writer)
