"""ls, stat, readlink, du and df: virtual times and nominal sizes."""

from __future__ import annotations

import pytest

from fakesites.moments import date_text
from fakesites.moments import listing_time
from fakesites.tools._sizes import human
from tests.fakesites.node_world import WORK
from tests.fakesites.node_world import NodeWorld


@pytest.fixture
def tree(node_world: NodeWorld) -> NodeWorld:
    """Return a world with a few files, 65 s after the beginning."""
    node_world.write("a.txt", "12345")
    node_world.forward(65)
    node_world.node.files.make_folder(f"{WORK}/sub")
    node_world.script("sub/run", "#!/bin/sh\n")
    node_world.node.files.write_sparse(f"{WORK}/big", b"", 2_000_000_000)
    node_world.write(".hidden")
    for name, mode in ((".", 0o755), ("a.txt", 0o644), ("big", 0o644), ("sub", 0o755)):
        (node_world.node.files.real(WORK) / name).chmod(mode)
    return node_world


def test_names_are_listed_one_a_line_and_sorted(tree: NodeWorld) -> None:
    assert ["a.txt", "big", "sub"] == tree.out("ls").splitlines()
    assert [".", "..", ".hidden", "a.txt", "big", "sub"] == tree.out("ls -a").splitlines()
    assert ["sub", "big", "a.txt"] == tree.out("ls -r").splitlines()
    assert ["big", "sub", "a.txt"] == tree.out("ls -t").splitlines()
    assert ["big", "sub", "a.txt"] == tree.out("ls -S").splitlines()
    assert ["."] == tree.out("ls -d").splitlines()


def test_kinds_are_marked(tree: NodeWorld) -> None:
    assert ["a.txt", "big", "sub/"] == tree.out("ls -F").splitlines()
    assert ["run*"] == tree.out("ls -F sub").splitlines()
    tree.out("ln -s a.txt link")
    assert "link@" in tree.out("ls -F").splitlines()


def test_the_long_form_has_virtual_times_and_nominal_sizes(tree: NodeWorld) -> None:
    assert (
        "total 1953136\n"
        "-rw-r--r-- 1 pilot grid          5 Mar  1 08:00 a.txt\n"
        "-rw-r--r-- 1 pilot grid 2000000000 Mar  1 08:01 big\n"
        "drwxr-xr-x 2 pilot grid       4096 Mar  1 08:01 sub/\n"
    ) == tree.out("ls -lF")


def test_links_show_where_they_lead_in_the_guest_s_terms(tree: NodeWorld) -> None:
    tree.out(f"ln -s {WORK}/a.txt sub/link")
    assert "link -> ../a.txt" in tree.out("ls -l sub")
    link = tree.node.files.root / "work" / "sub" / "abs"
    link.symlink_to(tree.node.files.root / "work" / "a.txt")
    assert f"abs -> {WORK}/a.txt" in tree.out("ls -l sub")


def test_sizes_for_people(tree: NodeWorld) -> None:
    assert "1.9G" in tree.out("ls -lh big")


def test_folders_are_listed_one_after_the_other(tree: NodeWorld) -> None:
    assert "a.txt\n\nsub:\nrun\n" == tree.out("ls sub a.txt")
    assert ".:\na.txt\nbig\nsub\n\n./sub:\nrun\n" == tree.out("ls -R")


def test_a_missing_file_is_told_and_the_rest_is_listed(tree: NodeWorld) -> None:
    end = tree.run("ls no a.txt /cvmfs")
    assert (2, "a.txt\n") == (end.code, end.stdout)
    assert (
        "ls: cannot access 'no': No such file or directory\n"
        "ls: cannot access '/cvmfs': No such file or directory\n"
    ) == end.stderr


def test_a_far_time_has_a_year(node_world: NodeWorld) -> None:
    node_world.write("a")
    node_world.forward(200 * 86_400)
    assert node_world.out("ls -l a").endswith("Mar  1  2026 a\n")


@pytest.mark.parametrize(
    ("posix", "text"),
    [(0.0, "Mar  1 08:00"), (-1e8, "Dec 29  2022"), (1e6, "Mar 12  2026")],
)
def test_only_recent_times_have_a_clock(posix: float, text: str) -> None:
    now = 1_772_352_000.0
    assert text == listing_time(now + posix, now=now)


def test_stat_in_a_form(tree: NodeWorld) -> None:
    line = "stat -c '%n %s %Y %F %a %A %U:%G %h' a.txt"
    expect = "a.txt 5 1772352000 regular file 644 -rw-r--r-- pilot:grid 1\n"
    assert expect == tree.out(line)
    assert "2026-03-01 08:01:05.000000000 +0000\n" == tree.out("stat -c %y big")
    assert "directory\nregular empty file\n" == tree.out("stat -c %F sub .hidden")
    assert "a.txt|5" == tree.out("stat --printf '%n|%s' a.txt")


def test_stat_in_words(tree: NodeWorld) -> None:
    text = tree.out("stat a.txt")
    assert "  File: a.txt\n  Size: 5 " in text
    assert "Modify: 2026-03-01 08:00:00.000000000 +0000\n" in text
    end = tree.run("stat no")
    assert (1, "stat: cannot statx 'no': No such file or directory\n") == (end.code, end.stderr)


def test_inodes_do_not_depend_on_the_host(tree: NodeWorld) -> None:
    assert tree.out("stat -c %i a.txt") == tree.out("rm a.txt; touch a.txt; stat -c %i a.txt")


def test_links_are_read(tree: NodeWorld) -> None:
    tree.out("ln -s sub/run link")
    assert "sub/run\n" == tree.out("readlink link")
    assert f"{WORK}/sub/run\n" * 2 == tree.out("readlink -f link; realpath link")
    assert 1 == tree.run("readlink a.txt").code


def test_disk_usage_is_nominal(tree: NodeWorld) -> None:
    assert "1953144\t.\n" == tree.out("du -s")
    assert ["8\t./sub", "1953144\t."] == tree.out("du").splitlines()
    assert "1.9G\t.\n" == tree.out("du -sh .")
    assert "2000000000\tbig\n" == tree.out("du -b big")
    assert "1908\tbig\n1908\ttotal\n" == tree.out("du -mc big")
    assert ["4\t./sub/run", "8\t./sub"] == tree.out("du -a ./sub").splitlines()
    assert ["1953144\t."] == tree.out("du -d 0").splitlines()
    assert 1 == tree.run("du no").code


def test_a_file_with_two_names_is_counted_once(tree: NodeWorld) -> None:
    tree.out("ln big sub/again")
    assert "1953144" == tree.out("du -s").split()[0]


def test_the_disk_is_shown_in_megabytes(tree: NodeWorld) -> None:
    assert (
        "Filesystem     1048576-blocks  Used Available Capacity Mounted on\n"
        "/dev/sda3              200000 31908    168093      16% /srv\n"
    ) == tree.out("df -mP .")


def test_the_disk_is_shown_in_kilobytes_and_for_people(tree: NodeWorld) -> None:
    kilobytes = tree.out("df -k").splitlines()
    assert ["Filesystem", "1K-blocks", "Used", "Available", "Use%"] == kilobytes[0].split()[:5]
    assert "204800000" == kilobytes[1].split()[1]
    assert ["/dev/sda3", "196G", "32G", "165G", "16%", "/srv"] == tree.out("df -h").split()[-6:]


def test_df_of_nothing_fails(tree: NodeWorld) -> None:
    end = tree.run("df -mP no")
    assert (1, "", "df: no: No such file or directory\n") == (end.code, end.stdout, end.stderr)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (1023, "1023"),
        (1024, "1.0K"),
        (1025, "1.1K"),
        (10_239, "10K"),
        (10_241, "11K"),
        (2_000_000_000, "1.9G"),
    ],
)
def test_sizes_for_people_are_rounded_up(count: int, text: str) -> None:
    assert text == human(count)


def test_a_date_is_exact_to_the_microsecond() -> None:
    assert "08:00:00.250000000 %s 1772352000" == date_text(1_772_352_000.25, "%H:%M:%S.%N %%s %s")
