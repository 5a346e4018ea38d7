"""URLs of files on storage."""

from __future__ import annotations

import hashlib

import pytest

from fakesites.turls import Turl
from fakesites.turls import parse_turl
from fakesites.turls import rucio_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("root://se.sim:1094//pnfs/x", Turl("root", "se.sim", 1094, "/pnfs/x")),
        ("root://se.sim//pnfs/x", Turl("root", "se.sim", 1094, "/pnfs/x")),
        ("xroots://se.sim:1094//pnfs/x?a=b", Turl("root", "se.sim", 1094, "/pnfs/x")),
        ("dcap://se.sim/pnfs/x", Turl("dcap", "se.sim", 22125, "/pnfs/x")),
        ("gsidcap://se.sim:22128/pnfs/x", Turl("dcap", "se.sim", 22128, "/pnfs/x")),
        ("davs://se.sim:2880/pnfs/x", Turl("davs", "se.sim", 2880, "/pnfs/x")),
        ("srm://se.sim:8443/srm/managerv2?SFN=/pnfs/x", Turl("srm", "se.sim", 8443, "/pnfs/x")),
        ("srm://se.sim/pnfs/x", Turl("srm", "se.sim", 8443, "/pnfs/x")),
        ("file://localhost/pnfs/x", Turl("file", "localhost", 0, "/pnfs/x")),
        ("file:///pnfs/x", Turl("file", "", 0, "/pnfs/x")),
    ],
)
def test_a_url_falls_into_its_parts(text: str, expected: Turl) -> None:
    assert expected == parse_turl(text)


@pytest.mark.parametrize("text", ["/srv/work/x", "x", "magnet://bucket/x", "-"])
def test_what_names_no_door_is_no_turl(text: str) -> None:
    assert parse_turl(text) is None


def test_rucio_sorts_files_by_the_md5_of_scope_and_name() -> None:
    digest = hashlib.md5(b"user.jdoe:a.root").hexdigest()
    expected = f"user/jdoe/{digest[:2]}/{digest[2:4]}/a.root"
    assert expected == rucio_path("user.jdoe", "a.root")
