"""The bytes of a simulated file, and the closed form of their checksum."""

from __future__ import annotations

import zlib
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakesites import contents


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=5000), st.integers(0, 1_000_000))
def test_the_closed_form_is_the_adler32_of_prefix_and_zeros(prefix: bytes, zeros: int) -> None:
    content = contents.content_of(prefix, size=len(prefix) + zeros)
    assert f"{zlib.adler32(prefix + bytes(zeros)):08x}" == content.adler32


@given(st.binary(max_size=300), st.integers(0, 300))
def test_a_truncated_content_has_the_checksum_of_what_is_left(prefix: bytes, size: int) -> None:
    whole = contents.content_of(prefix, size=400)
    expected = f"{zlib.adler32((prefix + bytes(400 - len(prefix)))[:size]):08x}"
    assert (size, expected) == (whole.truncated(size).size, whole.truncated(size).adler32)


def test_truncating_to_more_than_there_is_changes_nothing() -> None:
    content = contents.content_of(b"abc", size=10)
    assert content is content.truncated(11)


def test_a_prefix_longer_than_the_file_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        contents.content_of(b"abc", size=2)


def test_corruption_keeps_the_size_and_changes_the_checksum() -> None:
    content = contents.content_of(b"", size=1000)
    spoilt = content.corrupted()
    assert (spoilt.size, spoilt.adler32 != content.adler32) == (1000, True)


def test_an_empty_file_cannot_be_corrupted() -> None:
    empty = contents.content_of(b"", size=0)
    assert empty is empty.corrupted()


def test_the_same_stream_makes_the_same_file() -> None:
    assert contents.make(Random("a"), 10**9) == contents.make(Random("a"), 10**9)


def test_two_streams_make_different_files() -> None:
    assert contents.make(Random("a"), 10**9).adler32 != contents.make(Random("b"), 10**9).adler32


def test_a_sparse_file_is_read_back_as_it_was_made(tmp_path: Path) -> None:
    content = contents.make(Random("a"), 2 * 10**9)
    file = tmp_path / "file"
    with file.open("wb") as stream:
        stream.write(content.prefix)
        stream.truncate(content.size)
    assert content == contents.read(file)


def test_data_after_a_hole_counts(tmp_path: Path) -> None:
    file = tmp_path / "file"
    with file.open("wb") as stream:
        stream.write(b"head")
        stream.seek(10**6)
        stream.write(b"tail")
        stream.truncate(3 * 10**6)
    assert f"{zlib.adler32(file.read_bytes()):08x}" == contents.read(file).adler32
    assert file.read_bytes().rstrip(b"\0") == contents.read(file).prefix


def test_a_long_body_is_cut_but_keeps_its_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "BODY_LIMIT", 10)
    file = tmp_path / "file"
    file.write_bytes(b"0123456789abcdef")
    content = contents.read(file)
    assert (content.prefix, content.size) == (b"0123456789", 16)
    assert f"{zlib.adler32(b'0123456789abcdef'):08x}" == content.adler32


def test_reading_an_empty_file_gives_the_checksum_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert contents.FileContent(0, "00000001", b"") == contents.read(tmp_path / "file")
