"""The command line of a Rucio client."""

from __future__ import annotations

import pytest

from fakesites.tools.rucio import metalink
from tests.fakesites.node_world import NodeWorld

RECORD = {
    "scope": "mc",
    "name": "a&b",
    "bytes": 7,
    "pfns": {"root://x//a&b": {"rse": "X", "domain": "lan", "priority": 2}},
}


def test_a_record_is_a_file_with_its_urls() -> None:
    text = metalink(RECORD)
    assert '<file name="a&amp;b">' in text
    assert "<identity>mc:a&amp;b</identity>" in text
    assert '<url location="X" domain="lan" priority="2" client_extract="false">' in text
    assert "root://x//a&amp;b</url>" in text


@pytest.mark.parametrize(
    "words", ["whoami", "list-file-replicas mc:a", "list-file-replicas --metalink a"]
)
def test_what_is_not_simulated_is_refused(node_world: NodeWorld, words: str) -> None:
    ended = node_world.spawn(("rucio", *words.split())).finished
    assert ended is not None
    assert ended.code


def test_a_catalogue_that_is_out_of_reach_is_told(node_world: NodeWorld) -> None:
    running = node_world.spawn(("rucio", "list-file-replicas", "--metalink", "mc:a"))
    node_world.forward(1000)
    assert running.finished is not None
    assert (1, True) == (running.finished.code, "Cannot connect" in running.finished.stderr)
