"""mv, as the mv copytool of pilots uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

A, B = "/srv/work/a", "/srv/work/b"


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    world = make_world(tmp_path)
    world.put_file(A, some_content(2 * 10**6))
    return world


def test_a_file_is_moved_with_its_holes_in_no_time(world: SiteWorld) -> None:
    ran = world.run("mv", A, B)
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    assert some_content(2 * 10**6).adler32 == world.node.files.adler32(B)
    assert (world.node.files.real(A).exists(), world.clock.now) == (False, 0.0)


def test_env_finds_it(world: SiteWorld) -> None:
    assert world.run("/bin/bash", "-c", f"/usr/bin/env mv {A} {B}").code == 0
    assert world.node.files.real(B).exists()


def test_a_move_is_a_transfer(world: SiteWorld) -> None:
    world.run("mv", "a", "b")
    (begin,), (end,) = world.events("transfer.begin"), world.events("transfer.end")
    expected = {"id": begin.n, "tool": "mv", "source": A, "target": B, "bytes": 2 * 10**6}
    assert expected == dict(begin.data)
    assert (end["code"], end["bytes"], end["why"]) == (0, 2 * 10**6, "")


def test_a_missing_file_cannot_be_statted(world: SiteWorld) -> None:
    ran = world.run("mv", "/srv/work/none", B)
    said = "cannot stat '/srv/work/none': No such file or directory"
    assert (1, f"mv: {said}\n") == (ran.code, ran.stderr)
    assert said == world.events("transfer.end")[0]["why"]


def test_a_folder_as_target_takes_the_names(world: SiteWorld) -> None:
    world.put_file(B, some_content(5))
    world.node.files.make_folder("/srv/work/out")
    assert world.run("mv", A, B, "/srv/work/out").code == 0
    names = sorted(path.name for path in world.node.files.real("/srv/work/out").iterdir())
    assert names == ["a", "b"]


def test_many_files_need_a_folder(world: SiteWorld) -> None:
    ran = world.run("mv", A, A, B)
    assert (ran.code, f"target '{B}' is not a directory" in ran.stderr) == (1, True)


def test_a_missing_folder_is_no_target(world: SiteWorld) -> None:
    ran = world.run("mv", A, "/srv/work/none/b")
    said = f"mv: cannot move '{A}' to '/srv/work/none/b': No such file or directory\n"
    assert (1, said) == (ran.code, ran.stderr)


def test_nothing_is_moved_on_a_read_only_disk(world: SiteWorld) -> None:
    world.node.files.read_only = True
    ran = world.run("mv", A, B)
    assert (ran.code, "Read-only file system" in ran.stderr) == (1, True)
    assert world.node.files.real(A).exists()


def test_a_target_may_be_spared(world: SiteWorld) -> None:
    world.put_file(B, some_content(5))
    assert world.run("mv", "-n", A, B).code == 0
    assert world.node.files.real(B).stat().st_size == 5


def test_a_place_outside_the_node_is_no_target(world: SiteWorld) -> None:
    ran = world.run("mv", A, "/etc/passwd")
    assert (ran.code, "cannot move" in ran.stderr) == (1, True)


def test_the_verbose_say_what_they_do(world: SiteWorld) -> None:
    assert f"renamed '{A}' -> '{B}'\n" == world.run("mv", "-v", A, B).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [((), "missing file operand"), ((A,), f"missing destination file operand after '{A}'")],
)
def test_too_few_names_are_named(world: SiteWorld, words: tuple[str, ...], said: str) -> None:
    ran = world.run("mv", *words)
    assert (ran.code, said in ran.stderr) == (1, True)
