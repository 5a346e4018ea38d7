"""Where a command's text comes from and goes to, and how redirections change that."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakesites.shell.syntax import Redirect
from fakesites.shell.syntax import Refused
from fakesites.tools import Writer

if TYPE_CHECKING:
    from fakesites.node import Node


@dataclass(slots=True)
class Channels:
    """The standard output, standard error and standard input of a command."""

    out: Writer
    err: Writer
    stdin: str


def discard(text: str) -> None:
    """Take *text* as /dev/null does."""


def redirect(channels: Channels, change: Redirect, target: str, *, node: Node, cwd: str) -> None:
    """Apply one redirection, whose target was expanded already. Raises OSError."""
    if change.operator in (">&", "<&"):
        _duplicate(channels, change, target, node=node, cwd=cwd)
    elif change.operator == "<":
        path = posixpath.join(cwd, target)
        read = b"" if path == "/dev/null" else node.read(posixpath.normpath(path))
        channels.stdin = read.decode("utf-8", "surrogateescape")
    else:
        writer = _opened(channels, change, target, node=node, cwd=cwd)
        if change.operator.startswith("&") or change.descriptor == 1:
            channels.out = writer
        if change.operator.startswith("&") or change.descriptor == 2:
            channels.err = writer


def _duplicate(channels: Channels, change: Redirect, target: str, *, node: Node, cwd: str) -> None:
    if change.operator == "<&":
        if target not in ("0", "-"):
            raise Refused(f"<&{target}")
    elif target in ("1", "2", "-"):
        source = {"1": channels.out, "2": channels.err, "-": discard}[target]
        if change.descriptor == 2:
            channels.err = source
        else:
            channels.out = source
    elif target.isdigit():
        raise Refused(f"file descriptor {target}")
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
