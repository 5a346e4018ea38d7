"""tar and gzip: archives that are a function of their contents and of virtual time.

Models create, list and extract, -z, -v, -C, --exclude, --dereference. Members are in sorted
order with owner 0 and whole seconds, and the compressed form stores its bytes: what zlib makes
of the same input differs from version to version, and the size of a log is in the journal.
Of a file whose nominal size is beyond BIG_BYTES only a marker is stored. Not modelled: other
compressions, incremental archives, --one-file-system (a node has one).
"""

from __future__ import annotations

import fnmatch
import io
import posixpath
import struct
import tarfile
import zlib
from typing import Iterator

from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._entries import Entry
from fakesites.tools._entries import entry
from fakesites.tools._entries import names
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options

BIG_BYTES = 8 << 20
STORED_BLOCK = 65_535
GZIP_HEAD = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3])
FAILURE = 2
TAR = Grammar(
    flags="cxtvzhpjJk",
    values="fC",
    long=(
        ("create", "c"),
        ("dereference", "h"),
        ("directory=", "C"),
        ("exclude=", "exclude"),
        ("extract", "x"),
        ("file=", "f"),
        ("get", "x"),
        ("gzip", "z"),
        ("ignore-failed-read", "ignore"),
        ("list", "t"),
        ("one-file-system", "one-file-system"),
        ("verbose", "v"),
    ),
    code=FAILURE,
)
GZIP = Grammar(flags="cdfkn123456789", long=(("stdout", "c"), ("decompress", "d"), ("keep", "k")))
REFUSED = ("j", "J")


@tool("tar")
def tar(call: ToolCall) -> int:
    """Create, list or extract an archive."""
    options = TAR.read(_with_dash(call.argv))
    if options.has(*REFUSED):
        raise NotSpoken("this compression")
    modes = [letter for letter in "cxt" if options.has(letter)]
    if len(modes) != 1:
        raise UsageError("You must specify one of the '-Acdtrux' options", code=FAILURE)
    if not options.has("f") or options.get("f") == "-":
        raise NotSpoken("an archive on standard input or output")
    call.node.settle()
    if modes == ["c"]:
        return _create(call, options)
    return _read(call, options, extract=modes == ["x"])


def _with_dash(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Return *argv* with the dash that tar's first word may lack, its values put in order."""
    if len(argv) < 2 or argv[1].startswith("-"):
        return argv
    letters, words = argv[1], list(argv[2:])
    values: list[str] = []
    for letter in letters:
        if letter in TAR.values:
            if not words:
                raise UsageError(f"Old option '{letter}' requires an argument.", code=FAILURE)
            values += [f"-{letter}", words.pop(0)]
    flags = "".join(letter for letter in letters if letter not in TAR.values)
    return (argv[0], f"-{flags}", *values, *words) if flags else (argv[0], *values, *words)


def _create(call: ToolCall, options: Options) -> int:
    if not options.words:
        raise UsageError("Cowardly refusing to create an empty archive", code=FAILURE)
    folder = call.path(options.get("C", "."))
    failed = False
    buffer = io.BytesIO()
    target = call.real(options.get("f"))
    with tarfile.open(
        fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT, errors="surrogateescape"
    ) as archive:
        for word in options.words:
            try:
                first = entry(call.node.files, posixpath.join(folder, word))
            except OSError:
                call.err(f"tar: {word}: Cannot stat: No such file or directory\n")
                failed = True
                continue
            for name, each in _members(call, word.rstrip("/"), first, options):
                if each.real != target:
                    _add(call, archive, name, each, options)
    data = buffer.getvalue()
    call.node.files.write(call.path(options.get("f")), gzipped(data) if options.has("z") else data)
    if failed:
        call.err("tar: Exiting with failure status due to previous errors\n")
    return FAILURE if failed else 0


def _members(
    call: ToolCall, name: str, each: Entry, options: Options
) -> Iterator[tuple[str, Entry]]:
    if any(_excluded(name, pattern) for pattern in options.values.get("exclude", ())):
        return
    if each.kind == "l" and options.has("h"):
        try:
            each = entry(call.node.files, each.path, follow=True)
        except OSError:
            call.err(f"tar: {name}: File removed before we read it\n")
            return
    yield name, each
    for inner in names(each.real) if each.is_folder else ():
        below = entry(call.node.files, f"{each.path}/{inner}")
        yield from _members(call, f"{name}/{inner}", below, options)


def _excluded(name: str, pattern: str) -> bool:
    pieces = name.split("/")
    tails = ("/".join(pieces[at:]) for at in range(len(pieces)))
    return any(fnmatch.fnmatchcase(tail, pattern.rstrip("/")) for tail in tails)


def _add(
    call: ToolCall, archive: tarfile.TarFile, name: str, each: Entry, options: Options
) -> None:
    member = tarfile.TarInfo(name.lstrip("/"))
    member.mode = each.mode & 0o7777
    member.mtime = int(each.mtime)
    data = b""
    if each.is_folder:
        member.type = tarfile.DIRTYPE
    elif each.kind == "l":
        member.type, member.linkname = tarfile.SYMTYPE, each.target
    elif each.kind == "f":
        data = _stored(call, each)
        member.size = len(data)
    else:
        return
    archive.addfile(member, io.BytesIO(data))
    if options.has("v"):
        call.out(f"{name}/\n" if each.is_folder else f"{name}\n")


def _stored(call: ToolCall, each: Entry) -> bytes:
    if each.size <= BIG_BYTES:
        return each.real.read_bytes()
    checksum = call.node.files.adler32(call.node.files.guest(each.real))
    return f"not stored: {each.size} bytes, adler32 {checksum}\n".encode()


def gzipped(data: bytes) -> bytes:
    """Return *data* in gzip's format without compression: the same bytes from every zlib."""
    pieces = [data[at : at + STORED_BLOCK] for at in range(0, len(data), STORED_BLOCK)] or [b""]
    blocks: list[bytes] = []
    for number, piece in enumerate(pieces, start=1):
        size = len(piece)
        blocks.append(struct.pack("<BHH", number == len(pieces), size, size ^ 0xFFFF) + piece)
    end = struct.pack("<LL", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    return b"".join([GZIP_HEAD, *blocks, end])


def _read(call: ToolCall, options: Options, *, extract: bool) -> int:
    name = options.get("f")
    try:
        data = call.read(name)
    except OSError as error:
        call.err(f"tar: {name}: Cannot open: {error.strerror}\n")
        call.err("tar: Error is not recoverable: exiting now\n")
        return FAILURE
    try:
        with tarfile.open(fileobj=io.BytesIO(data), errors="surrogateescape") as archive:
            for member in archive:
                _unpack(call, archive, member, options, extract=extract)
    except tarfile.TarError:
        call.err("tar: This does not look like a tar archive\n")
        call.err("tar: Exiting with failure status due to previous errors\n")
        return FAILURE
    return 0


def _unpack(
    call: ToolCall,
    archive: tarfile.TarFile,
    member: tarfile.TarInfo,
    options: Options,
    *,
    extract: bool,
) -> None:
    if options.words and not any(
        member.name == word or member.name.startswith(f"{word.rstrip('/')}/")
        for word in options.words
    ):
        return
    if options.has("v") or not extract:
        call.out(f"{member.name}/\n" if member.isdir() else f"{member.name}\n")
    if not extract:
        return
    files = call.node.files
    path = posixpath.normpath(posixpath.join(call.path(options.get("C", ".")), member.name))
    if member.isdir():
        files.make_folder(path)
    elif member.isfile():
        files.make_folder(posixpath.dirname(path))
        stream = archive.extractfile(member)
        files.write(path, stream.read() if stream is not None else b"")
        files.real(path).chmod(member.mode)
    else:
        raise NotSpoken(f"member {member.name}, which is neither file nor folder")
    files.stamp_at(path, float(member.mtime))


@tool("gzip", "gunzip")
def gzip(call: ToolCall) -> int:
    """Pack or unpack files in place, without compression."""
    options = GZIP.read(call.argv)
    if options.has("c") or not options.words:
        raise NotSpoken("standard output")
    unpack = options.has("d") or posixpath.basename(call.argv[0]) == "gunzip"
    for name in options.words:
        data = call.read(name)
        if unpack:
            if not name.endswith(".gz"):
                raise UsageError(f"{name}: unknown suffix -- ignored", code=2)
            target, made = name[:-3], zlib.decompress(data, wbits=31)
        else:
            target, made = f"{name}.gz", gzipped(data)
        call.node.files.write(call.path(target), made)
        if not options.has("k"):
            call.node.files.remove(call.path(name))
    return 0
