"""Named random streams."""

from __future__ import annotations

import subprocess
import sys

from simkernel import Streams


def test_a_stream_does_not_depend_on_who_else_draws() -> None:
    alone = Streams(1)["a"].random()
    together = Streams(1)
    together["b"].random()
    assert alone == together["a"].random()


def test_streams_differ_by_name_and_by_seed() -> None:
    drawn = {Streams(seed)[name].random() for seed in (1, 2) for name in ("a", "b")}
    assert 4 == len(drawn)


def test_a_stream_does_not_depend_on_the_hash_seed() -> None:
    code = "from simkernel import Streams; print(Streams(1)['x'].random())"
    drawn = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert 1 == len(drawn)
