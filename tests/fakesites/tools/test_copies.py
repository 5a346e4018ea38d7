"""cp, ln, rm, mkdir, touch and chmod."""

from __future__ import annotations

import os

import pytest

from fakesites.tools.copies import changed_mode
from tests.fakesites.node_world import WORK
from tests.fakesites.node_world import NodeWorld


def names(world: NodeWorld) -> list[str]:
    return world.out("find . -mindepth 1").splitlines()


def test_a_file_is_copied_now_or_with_its_time(node_world: NodeWorld) -> None:
    node_world.write("a", "text")
    node_world.forward(10)
    node_world.out("cp a b; cp -p a c; mkdir d; cp a b d")
    assert ("text", 10.0, 0.0) == (
        node_world.read("d/a"),
        node_world.mtime("b"),
        node_world.mtime("c"),
    )


def test_a_folder_is_copied_with_what_is_in_it(node_world: NodeWorld) -> None:
    node_world.out("mkdir -p a/b; echo x > a/b/c; cp -r a d; cp -r a d")
    assert ["./d", "./d/a", "./d/a/b", "./d/a/b/c", "./d/b", "./d/b/c"] == names(node_world)[3:]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("cp no b", "cp: cannot stat 'no': No such file or directory\n"),
        ("mkdir d; cp d e", "cp: -r not specified; omitting directory 'd'\n"),
        (
            "echo > a; cp a no/b",
            "cp: cannot create regular file 'no/b': No such file or directory\n",
        ),
        ("cp a", "cp: missing destination file operand after 'a'\n"),
        ("cp", "cp: missing file operand\n"),
        ("cp a b c", "cp: target 'c': No such file or directory\n"),
        ("touch a b; ln -s a b", "ln: failed to create symbolic link 'b': File exists\n"),
        ("ln no b", "ln: failed to create hard link 'b': No such file or directory\n"),
        ("rm no", "rm: cannot remove 'no': No such file or directory\n"),
        ("mkdir d; rm d", "rm: cannot remove 'd': Is a directory\n"),
        ("rm", "rm: missing operand\n"),
        ("mkdir d; mkdir d", "mkdir: cannot create directory ‘d’: File exists\n"),
        ("mkdir no/d", "mkdir: cannot create directory ‘no/d’: No such file or directory\n"),
        ("mkdir -p d/e; rmdir d", "rmdir: failed to remove 'd': Directory not empty\n"),
        ("touch no/f", "touch: cannot touch 'no/f': No such file or directory\n"),
        ("touch a; chmod z a", "chmod: invalid mode: ‘z’\n"),
        ("chmod 755 no", "chmod: cannot access 'no': No such file or directory\n"),
    ],
)
def test_errors_are_told(node_world: NodeWorld, line: str, complaint: str) -> None:
    end = node_world.run(line)
    assert (1, complaint) == (end.code, end.stderr)


def test_a_symbolic_link_is_relative_so_that_host_and_guest_agree(node_world: NodeWorld) -> None:
    node_world.out(f"echo text > a; mkdir d; ln -s {WORK}/a d/link; cat d/link")
    real = node_world.node.files.real(WORK) / "d" / "link"
    assert "../a" == os.readlink(real)
    assert "text\n" == real.read_text()


def test_links_can_be_hard_forced_and_named_after_their_source(node_world: NodeWorld) -> None:
    node_world.out("mkdir d; echo 1 > d/a; ln -s d/a; touch b; ln -sf d/a b; ln d/a c")
    assert "1\n1\n1\n" == node_world.out("cat a b c")
    assert 2 == (node_world.node.files.real(WORK) / "c").stat().st_nlink


def test_files_and_trees_are_removed(node_world: NodeWorld) -> None:
    node_world.out("mkdir -p a/b; touch a/b/c d e; ln -s a link; rm d link; rm -rf a no; rm -v e")
    assert [] == names(node_world)


def test_rm_without_follow_keeps_what_a_link_means(node_world: NodeWorld) -> None:
    node_world.out("mkdir a; touch a/b; ln -s a link; rm -rf link")
    assert ["./a", "./a/b"] == names(node_world)


def test_removing_stamps_the_folder(node_world: NodeWorld) -> None:
    node_world.out("mkdir a; touch a/b")
    node_world.forward(9)
    node_world.out("rm a/b")
    assert 9.0 == node_world.mtime("a")


def test_folders_are_made_with_their_parents_and_mode(node_world: NodeWorld) -> None:
    node_world.out("mkdir -p a/b a; mkdir -m 700 c; rmdir a/b")
    assert ["./a", "./c"] == names(node_world)
    assert 0o700 == (node_world.node.files.real(WORK) / "c").stat().st_mode & 0o777


def test_touch_sets_the_time_to_now_or_to_another_s(node_world: NodeWorld) -> None:
    node_world.out("touch a b")
    node_world.forward(30)
    node_world.out("touch b; touch -r a c; touch -c no")
    assert [0.0, 30.0, 0.0] == [node_world.mtime(name) for name in "abc"]
    assert ["./a", "./b", "./c"] == names(node_world)


@pytest.mark.parametrize(
    ("text", "mode", "expect"),
    [
        ("755", 0o100600, 0o755),
        ("+x", 0o100644, 0o755),
        ("u+x", 0o100644, 0o744),
        ("a-w", 0o100666, 0o444),
        ("go=r", 0o100777, 0o744),
        ("u=rw,g=r,o=", 0o100777, 0o640),
        ("a+X", 0o100644, 0o644),
        ("a+X", 0o040644, 0o755),
    ],
)
def test_modes_are_read_in_digits_and_in_letters(text: str, mode: int, expect: int) -> None:
    assert expect == changed_mode(text, mode)


def test_chmod_makes_a_script_executable_and_a_tree_too(node_world: NodeWorld) -> None:
    node_world.out("mkdir d; echo 'echo hi' > d/job; chmod -R 700 d; chmod -x d/job")
    assert 126 == node_world.run("./d/job").code
    node_world.out("chmod +x d/job")
    assert "hi\n" == node_world.out("./d/job")


def test_a_read_only_disk_is_told(node_world: NodeWorld) -> None:
    node_world.write("a")
    node_world.node.files.read_only = True
    for line in ("cp a b", "rm a", "mkdir d", "touch a", "echo > b", "tar cf x.tar a"):
        end = node_world.run(line)
        assert end.code != 0, line
        assert "Read-only file system" in end.stderr, line
