"""The folder that keeps texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from certificates.keeping import cached_pem


def never() -> str:
    raise AssertionError("made again")


def test_a_text_is_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    assert cached_pem(folder, "a", lambda: "text") == "text"
    assert cached_pem(folder, "a", never) == "text"
    assert cached_pem(folder, "b", lambda: "other") == "other"


def test_nobody_else_may_read_it_and_no_part_is_left(tmp_path: Path) -> None:
    cached_pem(tmp_path, "a", lambda: "text")
    [path] = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert cached_pem(tmp_path / "file" / "folder", "a", lambda: "text") == "text"


def test_a_maker_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        cached_pem(tmp_path, "a", never)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_text_is_made_again(tmp_path: Path) -> None:
    cached_pem(tmp_path, "a", lambda: "text")
    [path] = tmp_path.iterdir()
    path.write_bytes(b"\xff")
    assert cached_pem(tmp_path, "a", lambda: "new") == "new"
