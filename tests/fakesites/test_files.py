"""The files of a node: where they are, when they were written, what fits."""

from __future__ import annotations

import errno
import os
import zlib

import pytest

from fakesites.files import Mount
from fakesites.files import NodeFiles
from fakesites.files import OutsideError
from tests.fakesites.node_world import EPOCH
from tests.fakesites.node_world import WORK
from tests.fakesites.node_world import NodeWorld


def test_a_guest_path_is_below_the_real_root(node_world: NodeWorld) -> None:
    files = node_world.node.files
    assert files.root / "work" / "a" == files.real(f"{WORK}/a")
    assert f"{WORK}/a" == files.guest(files.real(f"{WORK}/a"))


@pytest.mark.parametrize("path", ["/etc/passwd", "/", "/srv/../etc", "/srvx", "/srv/work/../../x"])
def test_a_path_outside_of_srv_is_refused(node_world: NodeWorld, path: str) -> None:
    with pytest.raises(OutsideError, match="outside /srv"):
        node_world.node.files.real(path)


def test_dots_inside_srv_are_resolved(node_world: NodeWorld) -> None:
    files = node_world.node.files
    assert files.root / "home" == files.real("/srv/work/../home")


@pytest.mark.parametrize("target", ["/etc", "../../../../etc", ".."])
def test_a_link_that_leads_out_is_refused(node_world: NodeWorld, target: str) -> None:
    files = node_world.node.files
    os.symlink(target, files.root / "out")
    with pytest.raises(OutsideError):
        files.real("/srv/out/passwd")


def test_a_link_may_hold_a_guest_path_or_a_real_one(node_world: NodeWorld) -> None:
    files = node_world.node.files
    os.symlink(WORK, files.root / "one")
    os.symlink(files.root / "work", files.root / "two")
    assert files.root / "work" / "a" == files.real("/srv/one/a") == files.real("/srv/two/a")


def test_the_last_link_can_be_kept(node_world: NodeWorld) -> None:
    files = node_world.node.files
    os.symlink("work", files.root / "one")
    assert files.root / "one" == files.real("/srv/one", follow=False)


def test_a_circle_of_links_is_an_error(node_world: NodeWorld) -> None:
    files = node_world.node.files
    os.symlink("b", files.root / "a")
    os.symlink("a", files.root / "b")
    with pytest.raises(OSError, match="symbolic links") as caught:
        files.real("/srv/a")
    assert errno.ELOOP == caught.value.errno


def test_what_is_written_has_the_virtual_time(node_world: NodeWorld) -> None:
    node_world.forward(90.25)
    node_world.write("a", "text")
    assert 90.25 == node_world.mtime("a")


def test_a_new_name_stamps_its_folder_and_a_rewritten_one_does_not(node_world: NodeWorld) -> None:
    node_world.forward(10)
    node_world.write("a", "1")
    node_world.forward(10)
    node_world.write("a", "2")
    assert (20.0, 10.0) == (node_world.mtime("a"), node_world.mtime("."))


def test_a_removed_name_stamps_its_folder(node_world: NodeWorld) -> None:
    node_world.write("a")
    node_world.forward(5)
    node_world.node.files.remove(f"{WORK}/a")
    assert 5.0 == node_world.mtime(".")


def test_folders_on_the_way_are_made_and_stamped(node_world: NodeWorld) -> None:
    node_world.forward(7)
    node_world.node.files.make_folder(f"{WORK}/a/b/c")
    assert [7.0, 7.0, 7.0, 7.0] == [node_world.mtime(name) for name in (".", "a", "a/b", "a/b/c")]


def test_everything_can_be_stamped_at_once(node_world: NodeWorld) -> None:
    node_world.write("a/../b")
    node_world.forward(3)
    node_world.node.files.stamp_all()
    assert [3.0, 3.0] == [node_world.mtime("b"), node_world.mtime("..")]


def test_touch_makes_a_file_and_stamps_an_old_one(node_world: NodeWorld) -> None:
    node_world.node.files.touch(f"{WORK}/a")
    node_world.forward(4)
    node_world.node.files.touch(f"{WORK}/a")
    assert (4.0, "") == (node_world.mtime("a"), node_world.read("a"))


def test_a_large_file_has_its_size_and_next_to_no_blocks(node_world: NodeWorld) -> None:
    files = node_world.node.files
    files.write_sparse(f"{WORK}/big", b"head", 2_000_000_000)
    status = files.real(f"{WORK}/big").stat()
    assert 2_000_000_000 == status.st_size
    assert status.st_blocks * 512 <= 65_536
    assert EPOCH == status.st_mtime


@pytest.mark.parametrize("size", [0, 3, 4096, 70_000, 3_000_000])
def test_the_checksum_of_a_sparse_file_is_that_of_its_bytes(
    node_world: NodeWorld, size: int
) -> None:
    files = node_world.node.files
    files.write_sparse(f"{WORK}/a", b"some bytes", size)
    data = files.real(f"{WORK}/a").read_bytes()
    assert size == len(data)
    assert f"{zlib.adler32(data):08x}" == files.adler32(f"{WORK}/a")


def test_the_checksum_counts_data_behind_a_hole(node_world: NodeWorld) -> None:
    files = node_world.node.files
    files.write_sparse(f"{WORK}/a", b"begin", 1_000_000)
    with open(files.real(f"{WORK}/a"), "ab") as file:
        file.write(b"end")
    data = files.real(f"{WORK}/a").read_bytes()
    assert f"{zlib.adler32(data):08x}" == files.adler32(f"{WORK}/a")


def test_a_copy_keeps_holes_contents_and_mode(node_world: NodeWorld) -> None:
    files = node_world.node.files
    files.write_sparse(f"{WORK}/a", b"#!/bin/sh", 500_000_000)
    files.real(f"{WORK}/a").chmod(0o750)
    node_world.forward(6)
    files.copy(f"{WORK}/a", f"{WORK}/b")
    status = files.real(f"{WORK}/b").stat()
    assert (500_000_000, 0o750) == (status.st_size, status.st_mode & 0o777)
    assert status.st_blocks * 512 <= 65_536
    assert files.adler32(f"{WORK}/a") == files.adler32(f"{WORK}/b")
    assert 6.0 == node_world.mtime("b")


def test_a_full_disk_refuses_what_does_not_fit(node_world: NodeWorld) -> None:
    files = node_world.node.files
    files.write_sparse(f"{WORK}/a", b"", 100_000_000_000)
    with pytest.raises(OSError, match="No space left") as caught:
        files.write_sparse(f"{WORK}/b", b"", 100_000_000_000)
    assert errno.ENOSPC == caught.value.errno
    assert not files.real(f"{WORK}/b").exists()


def test_ballast_makes_even_a_short_write_fail(node_world: NodeWorld) -> None:
    node = node_world.node
    node.files.ballast_bytes = node.free_bytes()
    with pytest.raises(OSError, match="No space left"):
        node_world.write("a", "text")


def test_a_read_only_disk_refuses_every_write(node_world: NodeWorld) -> None:
    node_world.node.files.read_only = True
    with pytest.raises(OSError, match="Read-only") as caught:
        node_world.write("a", "text")
    assert errno.EROFS == caught.value.errno


def test_modes_do_not_depend_on_the_host_s_umask(node_world: NodeWorld) -> None:
    files = node_world.node.files
    before = os.umask(0o077)
    try:
        node_world.write("a")
        files.make_folder(f"{WORK}/d")
    finally:
        os.umask(before)
    modes = [files.real(f"{WORK}/{name}").stat().st_mode & 0o777 for name in ("a", "d")]
    assert [0o644, 0o755] == modes


def test_an_escape_is_told_to_tools_as_a_lack_of_permission(node_world: NodeWorld) -> None:
    with pytest.raises(OutsideError) as caught:
        node_world.node.files.real("/etc/passwd")
    assert "Permission denied" == caught.value.strerror
    assert "/etc/passwd: outside /srv, the files of this node" == str(caught.value)


def test_a_huge_file_is_not_read_into_memory(node_world: NodeWorld) -> None:
    node_world.node.files.write_sparse(f"{WORK}/big", b"", 2_000_000_000)
    with pytest.raises(OSError, match="too large"):
        node_world.node.files.read(f"{WORK}/big")


def test_a_real_path_is_shown_in_the_guest_s_terms(node_world: NodeWorld) -> None:
    files = node_world.node.files
    assert [f"{WORK}/a", "/etc/x"] == [
        files.shown(str(files.root / "work/a")),
        files.shown("/etc/x"),
    ]


# -- mounts


def test_a_folder_can_be_shown_at_another_place(node_world: NodeWorld) -> None:
    files = node_world.node.files
    files.make_folder("/srv/tree/a")
    files.mount(files.root / "tree", "/cvmfs")
    assert files.root / "tree" / "a" == files.real("/cvmfs/a")
    assert "/cvmfs/a" == files.guest(files.root / "tree" / "a")
    assert files.is_mounted("/cvmfs/x")
    assert not files.is_mounted("/srv/work")


def test_a_mount_within_another_one_goes_first(node_world: NodeWorld) -> None:
    files = node_world.node.files
    files.mount(files.root / "home", "/srv/work/inner")
    assert files.root / "home" / "x" == files.real("/srv/work/inner/x")
    assert files.root / "work" / "x" == files.real("/srv/work/x")


def test_a_read_only_mount_is_not_written_to(node_world: NodeWorld) -> None:
    files = node_world.node.files
    files.make_folder("/srv/tree")
    files.write("/srv/tree/a", b"x")
    files.mount(files.root / "tree", "/cvmfs", read_only=True)
    for change in (
        lambda: files.write("/cvmfs/a", b"y"),
        lambda: files.remove("/cvmfs/a"),
        lambda: files.remove_tree("/cvmfs"),
        lambda: files.make_folder("/cvmfs/d"),
    ):
        with pytest.raises(OSError, match="Read-only file system") as caught:
            change()
        assert errno.EROFS == caught.value.errno
    assert b"x" == files.read("/cvmfs/a")


def test_a_link_into_a_mount_is_followed(node_world: NodeWorld) -> None:
    files = node_world.node.files
    files.make_folder("/srv/tree")
    files.write("/srv/tree/a", b"x")
    files.mount(files.root / "tree", "/cvmfs")
    os.symlink("/cvmfs/a", files.root / "work" / "link")
    assert b"x" == files.read(f"{WORK}/link")


def test_a_view_shows_its_mounts_and_nothing_else(node_world: NodeWorld) -> None:
    files = node_world.node.files
    files.write(f"{WORK}/a", b"x")
    view = NodeFiles.view(files, [Mount("/srv", str(files.root / "work"))])
    assert b"x" == view.read("/srv/a")
    with pytest.raises(OutsideError):
        view.real("/cvmfs/a")
    assert b"x" == files.read(f"{WORK}/a")
