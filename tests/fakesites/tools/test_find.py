"""find by name, kind and virtual age."""

from __future__ import annotations

import pytest

from tests.fakesites.node_world import WORK
from tests.fakesites.node_world import NodeWorld
from tests.fakesites.node_world import real_shell


@pytest.fixture
def tree(node_world: NodeWorld) -> NodeWorld:
    """Return a world with a few files of different ages, at 3 h."""
    node_world.node.files.make_folder(f"{WORK}/sub")
    node_world.write("old.txt", "x" * 2000)
    node_world.forward(7200)
    node_world.write("sub/new.log", "")
    node_world.forward(3600)
    return node_world


def found(world: NodeWorld, words: str) -> list[str]:
    return world.out(f"find {words}").splitlines()


def test_everything_comes_in_order_with_its_folder_first(tree: NodeWorld) -> None:
    assert [".", "./old.txt", "./sub", "./sub/new.log"] == found(tree, ".")
    assert [WORK, f"{WORK}/old.txt", f"{WORK}/sub", f"{WORK}/sub/new.log"] == found(tree, WORK)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (". -mmin -61", ["./sub", "./sub/new.log"]),
        (". -mmin -60", []),
        (". -mmin +179 -type f", ["./old.txt"]),
        (". -mmin +180", []),
        (". -mmin 61", ["./sub", "./sub/new.log"]),
        (". -mtime 0 -type f", ["./old.txt", "./sub/new.log"]),
        (". -mtime +0", []),
        (". -newer old.txt", ["./sub", "./sub/new.log"]),
        (". -name '*.txt'", ["./old.txt"]),
        (". -iname '*.TXT'", ["./old.txt"]),
        (". -path './sub/*'", ["./sub/new.log"]),
        (". -type d", [".", "./sub"]),
        (". -maxdepth 1 -type f", ["./old.txt"]),
        (". -mindepth 2", ["./sub/new.log"]),
        (". -empty", ["./sub/new.log"]),
        (". -size +1k -type f", ["./old.txt"]),
        (". -size 0", ["./sub/new.log"]),
        (". ! -type d", ["./old.txt", "./sub/new.log"]),
        (". -name '*.log' -o -name '*.txt'", ["./old.txt", "./sub/new.log"]),
        (". \\( -name '*.log' -o -name sub \\) -type f", ["./sub/new.log"]),
        ("sub old.txt -type f -print", ["sub/new.log", "old.txt"]),
    ],
)
def test_what_passes_is_printed(tree: NodeWorld, words: str, names: list[str]) -> None:
    assert names == found(tree, words)


def test_a_pilot_s_question_for_recent_files_goes_by_virtual_time(node_world: NodeWorld) -> None:
    node_world.write("log")
    line = f"find {WORK} -mmin -120 -type f"
    assert f"{WORK}/log\n" == node_world.out(line)
    node_world.forward(7199)
    assert f"{WORK}/log\n" == node_world.out(line)
    node_world.forward(1)
    assert "" == node_world.out(line)


def test_files_can_be_deleted(tree: NodeWorld) -> None:
    assert [] == found(tree, ". -name 'new*' -delete")
    assert [".", "./old.txt", "./sub"] == found(tree, ".")


def test_print0_ends_names_with_a_zero(tree: NodeWorld) -> None:
    assert "./old.txt\0./sub/new.log\0" == tree.out("find . -type f -print0")


def test_a_missing_start_is_told_and_the_rest_is_searched(tree: NodeWorld) -> None:
    end = tree.run("find no sub")
    assert (1, "sub\nsub/new.log\n") == (end.code, end.stdout)
    assert "find: ‘no’: No such file or directory\n" == end.stderr


@pytest.mark.parametrize("words", [". -exec rm {} \\;", ". -printf %p", ". -perm 755"])
def test_what_is_not_modelled_is_refused(tree: NodeWorld, words: str) -> None:
    assert 2 == tree.run(f"find {words}").code
    assert 1 == len(tree.events("shell.refused"))


@pytest.mark.parametrize("words", [". -nope", ". -name", ". -mmin x", ". \\( -empty"])
def test_what_makes_no_sense_is_an_error(tree: NodeWorld, words: str) -> None:
    end = tree.run(f"find {words}")
    assert (1, "") == (end.code, end.stdout)
    assert end.stderr.startswith("find: ")


@pytest.mark.parametrize(
    "expression", ["", "-type f", "-name 'a*' -o -type d", "! -name a -size -2"]
)
def test_find_agrees_with_the_real_one(
    node_world: NodeWorld, tmp_path_factory: pytest.TempPathFactory, expression: str
) -> None:
    make = "mkdir -p a/b c; echo 1 > a/x; echo 2 > a/b/a1; touch c/a2 z; ln -s a link"
    cwd = tmp_path_factory.mktemp("cwd")
    real_shell(make, cwd=cwd)
    node_world.out(make)
    line = f"find . {expression} | sort"
    assert real_shell(line, cwd=cwd)[1] == node_world.out(line)


def test_the_one_command_that_asks_for_text_is_understood(tree: NodeWorld) -> None:
    (tree.node.files.real(WORK) / "blank.txt").write_text("\n\n")
    (tree.node.files.real(WORK) / "data.bin").write_bytes(b"a\0b")
    line = "grep -Iq . {} \\;"
    assert ["./old.txt"] == found(tree, f". -type f -exec {line} -print")
    assert [] == found(tree, f". -type f -exec {line}")
