"""Machine and job features."""

from __future__ import annotations

from pathlib import Path

from fakesites.features import FOLDER
from tests.fakesites.site_world import EPOCH
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world


def said(world: SiteWorld, name: str) -> str:
    return world.node.files.real(f"{FOLDER}/{name}").read_text().strip()


def test_a_site_with_features_tells_them_in_files(tmp_path: Path) -> None:
    world = make_world(tmp_path, site="AGLT2", overrides={"node": {"features": True}})
    world.clock.run(60.0)
    world.site.tell_features(world.node.files, "pilot-1", walltime_s=7200.0)
    node = world.site.spec.node
    assert said(world, "machine/total_cpu") == str(node.cores)
    assert said(world, "job/jobstart_secs") == f"{EPOCH + 60:.0f}"
    assert said(world, "job/shutdowntime_job") == f"{EPOCH + 60 + 7200:.0f}"
    environ = world.site.environ("AGLT2")
    assert environ["JOBFEATURES"] == "{root}/features/job"


def test_a_site_without_says_nothing(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.site.tell_features(world.node.files, "pilot-1", walltime_s=7200.0)
    assert not world.node.files.real(FOLDER).exists()
    assert "MACHINEFEATURES" not in world.site.environ("BNL_ATLAS_1")
