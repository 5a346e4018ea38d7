"""tar and gzip: the same archive from the same files, whatever the machine."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from fakesites.tools.tar import gzipped
from tests.fakesites.node_world import WORK
from tests.fakesites.node_world import NodeWorld
from tests.fakesites.node_world import make_world
from tests.fakesites.node_world import real_shell

NO_ARCHIVE = (
    "does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n"
)


def fill(world: NodeWorld) -> None:
    world.node.files.make_folder(f"{WORK}/dir/sub")
    world.write("dir/b.txt", "bee\n")
    world.forward(61)
    world.write("dir/sub/a.txt", "ay\n")
    world.out("ln -s b.txt dir/link")


def archive(world: NodeWorld, name: str) -> tarfile.TarFile:
    return tarfile.open(world.node.files.real(WORK) / name)


def test_two_archives_of_the_same_files_are_byte_for_byte_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bytes] = []
    for number in range(2):
        world = make_world(tmp_path / str(number))
        fill(world)
        world.forward(number * 100)  # when it is made does not matter
        world.out("tar cfz log.tgz dir")
        made.append((world.node.files.real(WORK) / "log.tgz").read_bytes())
    assert made[0] == made[1]


def test_names_are_sorted_and_told_with_v(node_world: NodeWorld) -> None:
    fill(node_world)
    names = ["dir/", "dir/b.txt", "dir/link", "dir/sub/", "dir/sub/a.txt"]
    assert names == node_world.out("tar cvfz log.tgz dir").splitlines()
    assert names == node_world.out("tar tfz log.tgz").splitlines()


def test_members_belong_to_root_and_have_virtual_times(node_world: NodeWorld) -> None:
    fill(node_world)
    node_world.out("tar cf log.tar dir")
    with archive(node_world, "log.tar") as found:
        member = found.getmember("dir/sub/a.txt")
        assert (0, 0, "") == (member.uid, member.gid, member.uname)
        assert node_world.clock.epoch + 61 == member.mtime
        assert found.getmember("dir/link").issym()


def test_links_are_followed_on_request(node_world: NodeWorld) -> None:
    fill(node_world)
    node_world.out("tar cf log.tar dir --dereference --one-file-system")
    with archive(node_world, "log.tar") as found:
        stream = found.extractfile("dir/link")
        assert stream is not None
        assert b"bee\n" == stream.read()


def test_of_a_huge_file_only_a_marker_is_stored(node_world: NodeWorld) -> None:
    node_world.node.files.make_folder(f"{WORK}/dir")
    node_world.node.files.write_sparse(f"{WORK}/dir/big", b"data", 2_000_000_000)
    checksum = node_world.node.files.adler32(f"{WORK}/dir/big")
    node_world.out("tar cfz log.tgz dir")
    with archive(node_world, "log.tgz") as found:
        stream = found.extractfile("dir/big")
        assert stream is not None
        text = stream.read().decode()
    assert f"not stored: 2000000000 bytes, adler32 {checksum}\n" == text


@pytest.mark.parametrize("exclude", ["sub", "dir/sub", "*.txt", "a.txt"])
def test_names_can_be_left_out(node_world: NodeWorld, exclude: str) -> None:
    fill(node_world)
    node_world.out(f"tar cf log.tar --exclude '{exclude}' dir")
    with archive(node_world, "log.tar") as found:
        assert "dir/sub/a.txt" not in found.getnames()


def test_members_are_named_from_another_folder(node_world: NodeWorld) -> None:
    fill(node_world)
    node_world.out("tar -c -f log.tar -C dir sub")
    with archive(node_world, "log.tar") as found:
        assert ["sub", "sub/a.txt"] == found.getnames()


def test_an_archive_in_its_own_folder_is_not_in_itself(node_world: NodeWorld) -> None:
    fill(node_world)
    node_world.out("tar cf dir/log.tar dir")
    node_world.out("tar cf dir/log.tar dir")
    with archive(node_world, "dir/log.tar") as found:
        assert "dir/log.tar" not in found.getnames()


def test_the_real_tar_reads_it(node_world: NodeWorld) -> None:
    fill(node_world)
    node_world.out("tar cfz log.tgz dir")
    work = node_world.node.files.real(WORK)
    expect = (0, "dir/\ndir/b.txt\ndir/link\ndir/sub/\ndir/sub/a.txt\nay\n")
    assert expect == real_shell("tar tzf log.tgz; tar xzOf log.tgz dir/sub/a.txt", cwd=work)


def test_what_was_packed_is_unpacked_with_its_times(node_world: NodeWorld) -> None:
    fill(node_world)
    node_world.out("rm dir/link; chmod 750 dir/b.txt; tar cfz log.tgz dir; mkdir out")
    node_world.forward(500)
    node_world.out("tar xzf log.tgz -C out")
    assert ("bee\n", 0.0) == (node_world.read("out/dir/b.txt"), node_world.mtime("out/dir/b.txt"))
    mode = (node_world.node.files.real(WORK) / "out/dir/b.txt").stat().st_mode
    assert 0o750 == mode & 0o777


def test_a_missing_member_fails_and_the_rest_is_packed(node_world: NodeWorld) -> None:
    fill(node_world)
    end = node_world.run("tar cvfz log.tgz no dir/b.txt")
    assert (2, "dir/b.txt\n") == (end.code, end.stdout)
    assert (
        "tar: no: Cannot stat: No such file or directory\n"
        "tar: Exiting with failure status due to previous errors\n"
    ) == end.stderr


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("tar cf x.tar", "Cowardly refusing"),
        ("tar f x.tar", "You must specify one of"),
        ("tar xf no.tar", "no.tar: Cannot open: No such file"),
        ("echo text > x; tar tf x", NO_ARCHIVE),
        ("tar --nope cf x", "unrecognized option"),
    ],
)
def test_a_wrong_call_fails_with_2(node_world: NodeWorld, line: str, complaint: str) -> None:
    end = node_world.run(line)
    assert 2 == end.code
    assert complaint in end.stderr


@pytest.mark.parametrize("line", ["tar cjf x.tbz .", "tar c .", "gzip -c x"])
def test_what_is_not_modelled_is_refused(node_world: NodeWorld, line: str) -> None:
    assert 2 == node_world.run(line).code
    assert 1 == len(node_world.events("shell.refused"))


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 200_000])
def test_the_packed_form_is_gzip_s(size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    packed = gzipped(data)
    assert data == gzip.GzipFile(fileobj=io.BytesIO(packed)).read()
    assert packed == gzipped(data)


def test_a_file_is_packed_and_unpacked_in_place(node_world: NodeWorld) -> None:
    node_world.write("a", "text\n")
    assert "a.gz\n" == node_world.out("gzip a; ls")
    assert "a\ntext\n" == node_world.out("gunzip a.gz; ls; cat a")
