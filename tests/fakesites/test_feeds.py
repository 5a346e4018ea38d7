"""Input that comes piece by piece: who reads it as it comes, who at its end, who not at all."""

from __future__ import annotations

import pytest

from fakesites.feeds import CAPACITY
from fakesites.feeds import Feed
from fakesites.node import Command
from fakesites.node import Running
from tests.fakesites.node_world import NodeWorld


class Fed:
    """A command that is fed on a node."""

    def __init__(self, world: NodeWorld, *argv: str) -> None:
        self.world = world
        self.rooms = 0
        self.feed = Feed(world.clock, on_room=self._note)
        command = Command(argv=argv, env={"PATH": "/usr/bin:/bin"}, feed=self.feed)
        self.running: Running = world.node.spawn(command)

    def _note(self) -> None:
        self.rooms += 1

    def give(self, text: str, *, end: bool = False) -> str:
        """Write *text*, let what can happen now happen; return all output so far."""
        self.feed.push(text, end=end)
        self.world.clock.run()
        return self.running.stdout

    @property
    def code(self) -> int | None:
        return None if self.running.finished is None else self.running.finished.code


def test_cat_gives_back_each_piece(node_world: NodeWorld) -> None:
    cat = Fed(node_world, "cat")
    assert "one" == cat.give("one")
    assert "one two" == cat.give(" two")
    assert (None, "one two", 0) == (cat.code, cat.give("", end=True), cat.code)


@pytest.mark.parametrize("argv", [("sort",), ("/bin/sh", "-c", "sort")], ids=["tool", "line"])
def test_who_reads_everything_waits_for_the_end(
    node_world: NodeWorld, argv: tuple[str, ...]
) -> None:
    sort = Fed(node_world, *argv)
    assert "" == sort.give("b\n") + sort.give("a\n")
    assert "a\nb\n" == sort.give("", end=True)
    assert 0 == sort.code


@pytest.mark.parametrize(
    "argv", [("echo", "x"), ("/bin/sh", "-c", "echo x"), ("cat", "/etc/hostname")], ids=str
)
def test_who_reads_nothing_waits_for_nothing(node_world: NodeWorld, argv: tuple[str, ...]) -> None:
    assert 0 == Fed(node_world, *argv).code


def test_a_shell_runs_each_command_when_it_is_complete(node_world: NodeWorld) -> None:
    shell = Fed(node_world, "bash")
    assert "" == shell.give("kept=1; ec")
    assert "1\n" == shell.give("ho $kept\n")
    assert "1\n" == shell.give("for each in a b; do\n echo $each\n")
    assert "1\na\nb\n" == shell.give("done\n")
    assert "1\na\nb\n" == shell.give("echo 'left\n")
    assert "1\na\nb\nleft\nopen\n" == shell.give("open'\n")
    shell.give("trap 'echo bye' EXIT\nexit 4\necho never\n")
    assert (4, "bye") == (shell.code, shell.running.stdout.splitlines()[-1])


def test_a_shell_says_what_is_wrong_and_goes_on(node_world: NodeWorld) -> None:
    shell = Fed(node_world, "sh")
    shell.give(")\n")
    assert "syntax error near unexpected token" in shell.running.stderr
    assert "on\n" == shell.give("echo on\n")
    assert (0, None) == (shell.give("if true; then\n", end=True) and 0, None)
    assert "unexpected end of file" in shell.running.stderr


def test_a_feed_has_room_for_a_pipeful(node_world: NodeWorld) -> None:
    deaf = Fed(node_world, "sleep", "10")
    assert CAPACITY == deaf.feed.push("x" * (CAPACITY + 5), end=True)
    assert 0 == deaf.feed.push("x", end=False)
    cat = Fed(node_world, "cat")
    cat.give("x" * CAPACITY)
    assert 1 == cat.rooms
