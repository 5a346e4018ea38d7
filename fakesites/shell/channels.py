"""Where a command's text comes from and goes to, and how redirections change that."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from fakesites.shell.syntax import Redirect
from fakesites.shell.syntax import Refused
from fakesites.tools import Writer

if TYPE_CHECKING:
    from fakesites.node import Node


@dataclass(slots=True)
class Channels:
    """The standard output, standard error and standard input of a command.

    *others* are what is written to under a higher number, and texts that are read under one.
    """

    out: Writer
    err: Writer
    stdin: str
    others: dict[int, Writer | str] = field(default_factory=dict)

    def become(self, other: Channels) -> None:
        """Take over what *other* has, as ``exec`` with nothing but redirections does."""
        self.out, self.err, self.stdin, self.others = (
            other.out,
            other.err,
            other.stdin,
            other.others,
        )

    def writer(self, descriptor: int) -> Writer:
        """Return what writes to *descriptor*. Raises OSError."""
        found = {1: self.out, 2: self.err}.get(descriptor) or self.others.get(descriptor)
        if found is None or isinstance(found, str):
            raise OSError(9, "Bad file descriptor")
        return found

    def set_writer(self, descriptor: int, writer: Writer) -> None:
        """Let *descriptor* be written to through *writer*."""
        if descriptor == 1:
            self.out = writer
        elif descriptor == 2:
            self.err = writer
        else:
            self.others[descriptor] = writer

    def text(self, descriptor: int) -> str:
        """Return what is left to be read under *descriptor*. Raises OSError."""
        found = self.stdin if descriptor == 0 else self.others.get(descriptor)
        if not isinstance(found, str):
            raise OSError(9, "Bad file descriptor")
        return found

    def set_text(self, descriptor: int, text: str) -> None:
        """Let *text* be what is left to be read under *descriptor*."""
        if descriptor == 0:
            self.stdin = text
        else:
            self.others[descriptor] = text


def discard(text: str) -> None:
    """Take *text* as /dev/null does."""


def redirect(channels: Channels, change: Redirect, target: str, *, node: Node, cwd: str) -> None:
    """Apply one redirection, whose target was expanded already. Raises OSError."""
    if change.operator in (">&", "<&"):
        _duplicate(channels, change, target, node=node, cwd=cwd)
    elif change.operator in ("<<", "<<<"):
        channels.set_text(change.descriptor, target + "\n" * (change.operator == "<<<"))
    elif change.operator == "<":
        path = posixpath.join(cwd, target)
        read = b"" if path == "/dev/null" else node.read(posixpath.normpath(path))
        channels.set_text(change.descriptor, read.decode("utf-8", "surrogateescape"))
    elif change.operator == "<>":
        raise Refused("read-write redirection")
    else:
        writer = _opened(channels, change, target, node=node, cwd=cwd)
        if change.operator.startswith("&"):
            channels.out = channels.err = writer
        else:
            channels.set_writer(change.descriptor, writer)


def _duplicate(channels: Channels, change: Redirect, target: str, *, node: Node, cwd: str) -> None:
    number = target.removesuffix("-")
    if change.operator == "<&":
        if number.isdigit():
            channels.set_text(change.descriptor, channels.text(int(number)))
        elif target != "-":
            raise Refused(f"<&{target}")
        else:
            channels.set_text(change.descriptor, "")
    elif number.isdigit():
        channels.set_writer(change.descriptor, channels.writer(int(number)))
    elif target == "-":
        channels.set_writer(change.descriptor, discard)
    else:  # >& file is an old way of writing &> file
        channels.out = channels.err = _opened(channels, change, target, node=node, cwd=cwd)


def _opened(channels: Channels, change: Redirect, target: str, *, node: Node, cwd: str) -> Writer:
    path = posixpath.normpath(posixpath.join(cwd, target))
    special: dict[str, Writer] = {
        "/dev/null": discard,
        "/dev/stdout": channels.out,
        "/dev/stderr": channels.err,
    }
    if path in special:
        return special[path]
    node.files.write(path, b"", append=change.operator.endswith(">>"))
    return _writer(node, path)


def _writer(node: Node, path: str) -> Writer:
    def write(text: str) -> None:
        node.files.write(path, text.encode("utf-8", "surrogateescape"), append=True)

    return write
