"""Checksums of whole, sparse and empty files."""

from __future__ import annotations

import hashlib
import os
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotcore.data import checksum


def sparse(path: Path, size: int, *pieces: tuple[int, bytes]) -> Path:
    with open(path, "wb") as target:
        for at, data in pieces:
            target.seek(at)
            target.write(data)
        target.truncate(size)
    return path


@given(data=st.binary(max_size=300), zeros=st.integers(0, 5000))
def test_skipping_zeros_is_adding_them(data: bytes, zeros: int) -> None:
    assert zlib.adler32(data + bytes(zeros)) == checksum.skip_zeros(zlib.adler32(data), zeros)


@pytest.mark.parametrize("size", [0, 1, 4096, 65521, 1 << 20, (1 << 20) + 7])
def test_the_adler32_of_a_dense_file_is_zlibs(tmp_path: Path, size: int) -> None:
    data = bytes(number * 7 % 256 for number in range(size))
    path = tmp_path / "dense"
    path.write_bytes(data)
    assert f"{zlib.adler32(data):08x}" == checksum.adler32_of(path)


@pytest.mark.parametrize(
    "pieces", [[], [(0, b"begin")], [(1 << 20, b"middle")], [(0, b"a"), ((3 << 20) - 3, b"end")]]
)
def test_the_adler32_of_a_sparse_file_is_that_of_its_bytes(
    tmp_path: Path, pieces: list[tuple[int, bytes]]
) -> None:
    path = sparse(tmp_path / "sparse", 3 << 20, *pieces)
    assert f"{zlib.adler32(path.read_bytes()):08x}" == checksum.adler32_of(path)


def test_a_hole_of_many_gigabytes_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sparse(tmp_path / "huge", 1 << 42, (0, b"begin"))
    wanted = checksum.skip_zeros(zlib.adler32(b"begin"), (1 << 42) - 5)
    assert f"{wanted:08x}" == checksum.adler32_of(path)


def test_a_file_system_that_knows_no_holes_is_read_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sparse(tmp_path / "sparse", 70_000, (60_000, b"data"))
    monkeypatch.delattr(os, "SEEK_DATA")
    assert f"{zlib.adler32(path.read_bytes()):08x}" == checksum.adler32_of(path)


@pytest.mark.parametrize(
    ("wanted", "good"),
    [
        ("ad:{adler}", True),
        ("{adler}", True),
        ("ad:0000{adler}", True),
        ("ad:00000001", False),
        ("ad:no number", False),
        ("md:{md5}", True),
        ("{md5}", True),
        ("md:0", False),
    ],
)
def test_a_file_is_compared_with_what_the_record_says(
    tmp_path: Path, wanted: str, good: bool
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"some data")
    adler, md5 = f"{zlib.adler32(b'some data'):x}", hashlib.md5(b"some data").hexdigest()
    assert good == checksum.matches(path, wanted.format(adler=adler, md5=md5))[0]
