"""Repositories of software: what packages hold, and what jobs do with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fakesites import cvmfs
from fakesites.payload import PayloadModel
from simkernel import ScenarioError
from tests.fakesites.node_world import NodeWorld
from tests.fakesites.node_world import make_world
from tests.fakesites.node_world import real_shell

ALL = tuple(cvmfs.package_names())
TEXTS = {"QUEUES": '{"Q": {}}', "ENDPOINTS": "{}"}
SETUP = (
    "export ATLAS_LOCAL_ROOT_BASE=$ATLAS_SW_BASE/atlas.cern.ch/repo/ATLASLocalRootBase;"
    "source ${ATLAS_LOCAL_ROOT_BASE}/user/atlasLocalSetup.sh"
)
RELEASE = "Athena,25.0.20,notest --platform x86_64-el9-gcc13-opt"


@pytest.fixture
def world(tmp_path: Path) -> NodeWorld:
    """Return a world whose node has apptainer and every package."""
    made = make_world(tmp_path / "srv", programs=("apptainer",))
    cvmfs.mount(made.node, ALL, TEXTS)
    return made


def out(world: NodeWorld, line: str) -> str:
    return world.out(line, env=cvmfs.environ("/srv"))


# -- packages


def test_every_package_says_what_it_is_and_needs_what_there_is() -> None:
    packages = [cvmfs.package(name) for name in ALL]
    assert all(each.about for each in packages)
    assert all(set(each.needs) <= set(ALL) for each in packages)


def test_an_unknown_package_is_told_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="unknown package 'alrp' of cvmfs — did you mean alrb"):
        cvmfs.package("alrp")


def test_a_package_without_what_it_needs_is_told_of(node_world: NodeWorld) -> None:
    with pytest.raises(ScenarioError, match="'asetup' needs the package 'alrb'"):
        cvmfs.mount(node_world.node, ["asetup"])


def test_no_package_is_no_mount(node_world: NodeWorld) -> None:
    cvmfs.mount(node_world.node, [])
    assert 0 != node_world.run("ls /cvmfs").code
    assert "work" in node_world.out("ls /srv")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (name, path)
        for name in ALL
        for path, text in cvmfs.package(name).files.items()
        if "\n" in text.strip() and not text.strip().startswith("{")
    ],
)
def test_every_script_is_one_to_bash_too(name: str, path: str, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(cvmfs.package(name).files[path])
    assert (0, "") == real_shell(f"bash -n {script}")


# -- the mount


def test_it_is_seen_at_two_places_and_cannot_be_written(world: NodeWorld) -> None:
    name = "atlas.cern.ch/repo/ATLASLocalRootBase/logDir/lastUpdate"
    assert world.out(f"cat /cvmfs/{name}") == world.out(f"cat /srv/cvmfs/{name}")
    done = world.run("echo x > /cvmfs/new; rm /cvmfs/atlas.cern.ch/repo; touch /srv/cvmfs/new")
    assert 3 == done.stderr.count("Read-only file system") + done.stderr.count("Is a directory")
    assert "new" not in world.out("ls /cvmfs")


def test_it_was_published_a_while_ago(world: NodeWorld) -> None:
    text = world.out("cat /cvmfs/sft.cern.ch/lcg/lastUpdate")
    assert "2026-03-01 07:43:00 | stratum0.sim | 1772350980\n" == text


def test_the_sites_own_texts_are_in_it(world: NodeWorld) -> None:
    path = "/cvmfs/atlas.cern.ch/repo/sw/local/etc/cric_pandaqueues.json"
    assert {"Q": {}} == json.loads(world.out(f"cat {path}"))


def test_it_takes_no_room_on_the_disk(tmp_path: Path) -> None:
    made = make_world(tmp_path / "srv")
    before = made.node.free_bytes()
    cvmfs.mount(made.node, ALL, TEXTS)
    assert before == made.node.free_bytes()


# -- setupATLAS


def test_setup_is_quiet_when_it_is_told_to_be(world: NodeWorld) -> None:
    assert "" == out(world, f"{SETUP} --quiet")
    assert "lsetup" in out(world, SETUP)


def test_lsetup_puts_a_tool_on_the_path(world: NodeWorld) -> None:
    said = out(world, f"{SETUP} --quiet;lsetup prmon; which prmon; type -t lsetup asetup")
    root = "/srv/cvmfs/atlas.cern.ch/repo/ATLASLocalRootBase/x86_64"
    assert "Requested:  prmon ... " in said
    assert [f"{root}/prmon/current/bin/prmon", "function", "function"] == said.splitlines()[-3:]


def test_lsetup_takes_several_tools_with_versions(world: NodeWorld) -> None:
    said = out(world, f"{SETUP} -q;lsetup 'root pilot-default' rucio; echo $?")
    assert " Setting up root 6.32.08-x86_64-el9-gcc13-opt ... " in said
    assert said.endswith("\n0\n")


def test_lsetup_complains_about_what_it_does_not_know(world: NodeWorld) -> None:
    done = world.run(f"{SETUP} -q; lsetup nope; echo $?", env=cvmfs.environ("/srv"))
    assert ("64", True) == (done.stdout.split()[-1], "nope is not a tool" in done.stderr)


def test_the_level_of_the_processor_is_read_from_its_flags(world: NodeWorld) -> None:
    said = out(world, f"{SETUP} --quiet;lsetup cpu_flags; cpu_arch.py")
    assert "x86-64-v3" == said.splitlines()[-1]


def test_asetup_finds_a_release(world: NodeWorld) -> None:
    line = (
        f"{SETUP} --quiet;source $AtlasSetup/scripts/asetup.sh {RELEASE} --makeflags='$MAKEFLAGS'"
    )
    said = out(world, f"{line}; echo $AtlasProject $AtlasVersion $CMTCONFIG; which Reco_tf.py")
    assert said.startswith("Using Athena/25.0.20 [cmake] with platform x86_64-el9-gcc13-opt\n")
    assert "Athena 25.0.20 x86_64-el9-gcc13-opt" in said
    assert said.endswith("/x86_64-el9-gcc13-opt/bin/Reco_tf.py\n")


def test_asetup_says_when_there_is_no_such_release(world: NodeWorld) -> None:
    line = f"{SETUP} --quiet;asetup Athena,99.0.1; echo $?"
    assert "AtlasSetup(ERROR): No release candidates found\n1\n" in out(world, line)


# -- containers


def test_a_payload_runs_in_a_container_with_its_release(world: NodeWorld) -> None:
    world.node.payloads["a/1"] = PayloadModel(walltime_s=60, outputs=(("out.root", 10),))
    world.write("release.sh", f"source $AtlasSetup/scripts/asetup.sh {RELEASE}\nreturn $?\n")
    world.write("run.sh", "pwd; echo $ATLAS_LOCAL_ROOT_BASE; Reco_tf.py --flightsim-job a/1\n")
    (world.node.files.real("/srv/work") / "run.sh").chmod(0o755)
    line = f'{SETUP} -c x86_64-el9-gcc13-opt -s /srv/release.sh -r /srv/run.sh -e "-c -i"'
    end = world.run(line, env=cvmfs.environ("/srv"))
    inside = "/cvmfs/atlas.cern.ch/repo/ATLASLocalRootBase"
    assert (0, "") == (end.code, end.stderr)
    assert [" [cmake]", f"/srv\n{inside}\n"] == [
        piece for piece in (" [cmake]", f"/srv\n{inside}\n") if piece in end.stdout
    ]
    assert {"out.root", "jobReport.json"} <= set(world.out("ls").split())


def test_what_a_container_runs_may_come_from_the_environment(world: NodeWorld) -> None:
    line = f"export ALRB_CONT_RUNPAYLOAD='echo in $HOME; exit 5'; {SETUP} -c el9; echo $?"
    assert out(world, line).endswith("\nin /srv\n5\n")


def test_the_credential_is_there_in_the_container(world: NodeWorld) -> None:
    world.node.files.write("/srv/cred/x509up", b"proxy\n")
    line = f"export X509_USER_PROXY=/srv/cred/x509up; {SETUP} -c el9 -r 'cat $X509_USER_PROXY'"
    assert out(world, line).endswith("\nproxy\n")


@pytest.mark.parametrize(
    ("image", "expect"),
    [
        ("el9", "fs/singularity/x86_64-almalinux9"),
        ("x86_64-centos7-gcc8-opt", "fs/singularity/x86_64-centos7"),
        ("docker://registry.sim/a:1", "docker://registry.sim/a:1"),
        (
            "/cvmfs/unpacked.cern.ch/gitlab-registry.cern.ch/flightsim/el9:latest",
            "/srv/cvmfs/unpacked.cern.ch/gitlab-registry.cern.ch/flightsim/el9:latest",
        ),
    ],
)
def test_a_platform_stands_for_an_image(world: NodeWorld, image: str, expect: str) -> None:
    assert f"{expect}\n" in out(world, f"{SETUP} -c {image} -r true")


def test_an_image_that_is_not_there_ends_the_container(world: NodeWorld) -> None:
    done = world.run(f"{SETUP} -c slc6 -r true; echo $?", env=cvmfs.environ("/srv"))
    assert ("255", True) == (done.stdout.split()[-1], "could not open image" in done.stderr)


def test_a_node_without_a_runtime_says_so(node_world: NodeWorld) -> None:
    cvmfs.mount(node_world.node, ["alrb"])
    done = node_world.run(f"{SETUP} -c el9 -r true; echo $?", env=cvmfs.environ("/srv"))
    assert ("64\n", True) == (done.stdout, "neither apptainer nor singularity" in done.stderr)
