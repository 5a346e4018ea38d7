"""Containers: what is seen inside, what of the environment gets in, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakesites.node_world import NodeWorld
from tests.fakesites.node_world import make_world

IMAGE = "/srv/work/image"


@pytest.fixture
def world(tmp_path: Path) -> NodeWorld:
    """Return a world whose node has apptainer, and an image."""
    made = make_world(tmp_path / "srv", programs=("apptainer", "singularity"))
    made.node.files.make_folder(IMAGE)
    made.node.files.make_folder("/srv/work/job")
    made.write("job/in.txt", "input\n")
    return made


def test_a_bind_shows_a_folder_at_another_place(world: NodeWorld) -> None:
    line = f"apptainer exec -c -B /srv/work/job:/data --pwd /data {IMAGE} /bin/bash -c"
    assert "/data\ninput\n" == world.out(f"{line} 'pwd; cat in.txt'")
    assert "in.txt\n" == world.out(f"{line} 'ls /data'")


def test_what_is_written_inside_is_there_outside(world: NodeWorld) -> None:
    line = f"apptainer exec -c -B $PWD/job:/srv --pwd /srv {IMAGE} /bin/bash -c"
    world.out(f"{line} 'echo out > out.txt; mkdir d; mv out.txt d'")
    assert "out\n" == world.read("job/d/out.txt")


def test_what_is_not_bound_is_not_there(world: NodeWorld) -> None:
    done = world.run(f"apptainer exec -c -B /srv/work/job:/srv {IMAGE} cat /srv/work/job/in.txt")
    assert 1 == done.code
    done = world.run(f"apptainer exec -c {IMAGE} ls /srv/work")
    assert 0 != done.code


def test_the_working_directory_and_home_are_bound_unless_it_is_contained(world: NodeWorld) -> None:
    assert "input\n" == world.out(f"cd job; apptainer exec {IMAGE} cat in.txt")
    assert "/\n" == world.out(f"cd job; apptainer exec -c {IMAGE} pwd")


def test_binds_may_come_from_the_environment(world: NodeWorld) -> None:
    line = f"APPTAINER_BIND=/srv/work/job:/a,/srv/work/job:/b apptainer exec -c {IMAGE}"
    assert "input\ninput\n" == world.out(f"{line} cat /a/in.txt /b/in.txt")


@pytest.mark.parametrize(
    ("options", "expect"),
    [("", "1--"), ("-e", "--"), ("-C", "--"), ("-e --env B=2", "-2-"), ("-c", "1--")],
)
def test_what_of_the_environment_gets_in(world: NodeWorld, options: str, expect: str) -> None:
    line = f"export A=1; apptainer exec {options} {IMAGE} /bin/bash -c 'echo $A-$B-'"
    assert f"{expect}\n" == world.out(line)


def test_variables_with_a_prefix_always_get_in(world: NodeWorld) -> None:
    line = f"export APPTAINERENV_A=1 SINGULARITYENV_B=2; apptainer exec -e {IMAGE}"
    assert "1 2\n" == world.out(f"{line} /bin/bash -c 'echo $A $B'")


def test_the_exit_code_is_that_of_the_command(world: NodeWorld) -> None:
    assert 7 == world.run(f"apptainer exec {IMAGE} /bin/bash -c 'exit 7'").code
    assert 137 == world.run(f"apptainer exec {IMAGE} /bin/bash -c 'kill -9 $$'").code
    assert 255 == world.run(f"apptainer exec {IMAGE} nope").code


def test_it_takes_as_long_as_the_command_and_is_its_parent(world: NodeWorld) -> None:
    running = world.spawn(f"apptainer exec {IMAGE} sleep 50; true")
    world.forward(10)
    table = world.node.processes
    starter = table[table.children(running.pid)[0]]
    assert "apptainer" == starter.argv[0]
    assert [("sleep", "50")] == [table[pid].argv for pid in table.children(starter.pid)]
    world.wait(running)
    assert 50.0 == world.clock.now


def test_a_signal_to_the_starter_reaches_the_command(world: NodeWorld) -> None:
    running = world.spawn(("apptainer", "exec", IMAGE, "sleep", "50"))
    world.forward(1)
    world.node.processes.signal(running.pid, 15, by="pilot-1")
    world.forward(1)
    assert ([], 15) == (world.alive(), running.finished.signal if running.finished else 0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("exec /srv/work/none true", "could not open image /srv/work/none"),
        (f"exec -B /srv/work/none:/x {IMAGE} true", "mount source /srv/work/none doesn't exist"),
        (f"exec --pwd /none {IMAGE} true", "chdir to /none: no such file or directory"),
    ],
)
def test_a_container_that_cannot_be_started_is_fatal(
    world: NodeWorld, options: str, said: str
) -> None:
    done = world.run(f"apptainer {options}")
    assert (255, True) == (done.code, done.stderr.startswith("FATAL:   ") and said in done.stderr)


def test_an_image_of_a_registry_is_taken_to_be_there(world: NodeWorld) -> None:
    assert "in\n" == world.out("apptainer -q exec docker://registry.sim/x:1 echo in")


def test_it_says_its_version_by_either_name(world: NodeWorld) -> None:
    assert "apptainer version 1.3.6-1.el9\n" == world.out("singularity --version")


def test_it_is_not_installed_on_every_node(node_world: NodeWorld) -> None:
    assert 127 == node_world.run("apptainer --version").code
