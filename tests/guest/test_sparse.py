"""Holes are read fast, and every byte and sum is the real one."""

from __future__ import annotations

import mmap
import os
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from guest.machine import sparse

PIECES = st.lists(
    st.one_of(st.binary(min_size=1, max_size=5000), st.integers(1, 300_000)), max_size=5
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sparse")


def write(path: Path, pieces: list[bytes | int]) -> None:
    """Write data and, for each number, a hole of that many bytes."""
    with path.open("wb") as target:
        for piece in pieces:
            if isinstance(piece, bytes):
                target.write(piece)
            else:
                target.seek(piece, os.SEEK_CUR)
        target.truncate(target.tell())


@given(pieces=PIECES, step=st.sampled_from([1000, 8192, 65536]))
@settings(max_examples=60, deadline=None)
def test_a_map_reads_like_the_real_one(folder: Path, pieces: list[bytes | int], step: int) -> None:
    path = folder / "file"
    write(path, [b"x", *pieces])
    with path.open("r+b") as source:
        ours, theirs = sparse.Mapping(source.fileno(), 0), mmap.mmap(source.fileno(), 0)
        assert len(theirs) == len(ours)
        for _ in range(len(theirs) // step + 2):
            assert theirs.read(step) == ours.read(step)
            assert theirs.tell() == ours.tell()
        ours.seek(0)
        theirs.seek(0)
        assert theirs[:100] == ours[:100]
        assert theirs.find(b"x") == ours.find(b"x")
        ours.close()
        theirs.close()


@given(count=st.integers(0, 100_000), before=st.binary(max_size=100))
def test_the_sum_of_zeros_is_the_real_one(count: int, before: bytes) -> None:
    start = zlib.adler32(before)
    assert zlib.adler32(bytes(count), start) == sparse.adler32(sparse.zeros(count), start)
    assert zlib.adler32(before) == sparse.adler32(before)


def test_an_empty_file_cannot_be_mapped(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with (tmp_path / "empty").open("r+b") as source, pytest.raises(ValueError, match="empty"):
        sparse.Mapping(source.fileno(), 0)


def test_memory_that_is_no_file_is_a_real_map() -> None:
    with sparse.Mapping(-1, 100) as memory:
        memory[:3] = b"abc"
        assert b"abc" == memory.read(3)
