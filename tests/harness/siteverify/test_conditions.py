"""The conditions of a node, and what a healthy site sets."""

from __future__ import annotations

import pytest

from fakesites.conditions import Conditions
from fakesites.conditions import Folder
from fakesites.conditions import healthy_environ
from fakesites.conditions import is_in
from fakesites.sitespec import load_site
from fakesites.sitespec import site_names
from siteverify import Settings


@pytest.mark.parametrize(
    ("path", "expect"),
    [
        ("/cvmfs", True),
        ("/cvmfs/", True),
        ("/cvmfs/atlas.cern.ch/repo", True),
        ("/cvmfs/../cvmfs/x", True),
        ("/cvmfs2", False),
        ("/", False),
    ],
)
def test_a_path_is_in_a_folder_by_whole_names(path: str, expect: bool) -> None:
    assert expect is is_in(path, ["/cvmfs"])


def test_two_nodes_share_nothing() -> None:
    one, other = Conditions(), Conditions()
    one.lose("/cvmfs")
    one.hanging.add("/tmp")
    one.environ["PATH"] = ""
    one.limits["nofile"] = (1, 1)
    assert Conditions() == other


def test_a_folder_is_lost_with_what_is_below_it() -> None:
    conditions = Conditions()
    conditions.lose("/cvmfs/atlas.cern.ch")
    assert Folder(("atlas-condb.cern.ch",)) == conditions.folder("/cvmfs")
    conditions.lose("/cvmfs")
    assert conditions.folder("/cvmfs") is None
    assert conditions.folder("/tmp/") is not None


@pytest.mark.parametrize("name", site_names())
def test_a_healthy_site_sets_what_osg_wants(name: str) -> None:
    environ = healthy_environ(load_site(name))
    assert set(Settings().osg_variables) <= set(environ)
    assert "" not in environ.values()
