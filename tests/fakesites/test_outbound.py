"""A node without a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakesites.outbound import wall_in
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content


@pytest.mark.parametrize("walled", [True, False])
def test_no_tool_reaches_another_host(tmp_path: Path, walled: bool) -> None:
    world = make_world(tmp_path)
    if walled:
        wall_in(world.points, world.node.name)
    ended = world.run("xrdcp", "-f", world.store("x", some_content(1000)), "/srv/work/x")
    assert (51 if walled else 0) == ended.code
    assert walled == ("unreachable" in ended.stderr)


def test_another_node_is_not_meant(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    wall_in(world.points, "another.bnl.sim")
    assert world.run("xrdcp", world.store("x", some_content(1000)), "/srv/work/x").code == 0
