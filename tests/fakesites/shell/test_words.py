"""Words become arguments: variables, splitting, file names, quotes."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import HealthCheck
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakesites.shell.parameters import trim
from tests.fakesites.node_world import WORK
from tests.fakesites.node_world import NodeWorld

# Every character that neither shlex nor the shell treats in a way of its own, and the quotes.
LETTERS = st.text(alphabet="ab/.=-_,: '\"\\", max_size=24)
RELAXED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def argv_of(world: NodeWorld, words: str) -> list[str]:
    """Return the arguments that a line gives to a command."""
    end = world.run(f"printf '<%s>\\n' x {words}")
    return end.stdout.removeprefix("<x>\n").splitlines()


@RELAXED
@given(LETTERS)
@example('\'a b\' "c\\"d" e\\ f')
@example("a'b'\"c\"")
def test_simple_words_are_split_as_shlex_does(node_world: NodeWorld, words: str) -> None:
    try:
        expect = shlex.split(words)
    except ValueError:  # shlex takes a lone backslash at the end for an error, bash does not
        return
    assert [f"<{word}>" for word in expect] == argv_of(node_world, words)


@pytest.mark.parametrize(
    ("words", "expect"),
    [
        ("$A", ["one", "two"]),
        ('"$A"', ["one  two"]),
        ("x$A-y", ["xone", "two-y"]),
        ("'$A'", ["$A"]),
        ("${A}", ["one", "two"]),
        ("$NOT_SET", []),
        ('"$NOT_SET"', [""]),
        ("a$NOT_SET", ["a"]),
        ("$E x", ["x"]),
        ("$B$A", ["b", "one", "two"]),
        ("$ a", ["$", "a"]),
        ("x${S}y", ["x", "y"]),
        ("${NOT_SET:-d e}", ["d", "e"]),
        ('"${NOT_SET:-d e}"', ["d e"]),
        ("${E:-d}", ["d"]),
        ("${E-d}", []),
        ("${A:+yes}", ["yes"]),
        ("${NOT_SET+yes}", []),
        ("${#A}", ["8"]),
        ("${F%.gz}", ["x.tar"]),
        ("${F%%.*}", ["x"]),
        ("${F#*.}", ["tar.gz"]),
        ("${F##*.}", ["gz"]),
        ("${NEW:=set}$NEW", ["setset"]),
        ("~", ["/srv/home"]),
        ("~/x", ["/srv/home/x"]),
        ("a~", ["a~"]),
        ("$(echo a  b)", ["a", "b"]),
        ('"$(echo a; echo b)"', ["a", "b"]),
        ("`echo a`b", ["ab"]),
        ("$(echo $(echo in))", ["in"]),
        ('"`echo \\"q\\"`"', ["q"]),
    ],
)
def test_expansions(node_world: NodeWorld, words: str, expect: list[str]) -> None:
    variables = {"A": "one  two", "B": "b ", "E": "", "S": " ", "F": "x.tar.gz"}
    end = node_world.run(f"printf '%s\\n' x {words}", env=variables)
    assert ["x", *expect] == end.stdout.splitlines()


def test_special_parameters(node_world: NodeWorld) -> None:
    running = node_world.spawn("false; echo $? $$ $# $0")
    assert running.finished is not None
    assert f"1 {running.pid} 0 /bin/bash\n" == running.finished.stdout


def test_quoted_arguments_stay_apart(node_world: NodeWorld) -> None:
    node_world.script("show", '#!/bin/sh\nprintf "<%s>" "$@" "$*" $1 $#\n')
    assert "<a b><c><a b c><a><b><2>" == node_world.out("./show 'a b' c")


def test_a_parameter_that_must_be_set_ends_the_shell(node_world: NodeWorld) -> None:
    end = node_world.run("echo ${X:?no X here}; echo on")
    assert (127, "", "/bin/bash: X: no X here\n") == (end.code, end.stdout, end.stderr)


@pytest.mark.parametrize(
    ("words", "expect"),
    [
        ("*", ["a.txt", "b.txt", "sub"]),
        ("*.txt", ["a.txt", "b.txt"]),
        ("?.txt", ["a.txt", "b.txt"]),
        ("[b-z].txt", ["b.txt"]),
        ("sub/*", ["sub/c.txt"]),
        ("*/c.txt", ["sub/c.txt"]),
        ("*/none", ["*/none"]),
        ("*.nope", ["*.nope"]),
        (".*", [".hidden"]),
        ("'*'", ["*"]),
        ('"*".txt', ["*.txt"]),
        ('"*"?txt', ["*?txt"]),
        ("$G", ["a.txt", "b.txt"]),
        ('"$G"', ["*.txt"]),
        (f"{WORK}/su*", [f"{WORK}/sub"]),
        ("/etc/*", ["/etc/*"]),
    ],
)
def test_names_of_files_are_matched_in_sorted_order(
    node_world: NodeWorld, words: str, expect: list[str]
) -> None:
    node_world.node.files.make_folder(f"{WORK}/sub")
    for name in ("b.txt", "a.txt", ".hidden", "sub/c.txt"):
        node_world.write(name)
    end = node_world.run(f"printf '%s\\n' {words}", env={"G": "*.txt"})
    assert expect == end.stdout.splitlines()


def test_a_double_star_is_refused(node_world: NodeWorld) -> None:
    end = node_world.run("echo **")
    assert 2 == end.code
    assert ["**"] == [event["why"] for event in node_world.events("shell.refused")]


@pytest.mark.parametrize(
    ("operator", "pattern", "expect"),
    [
        ("#", "*.", "b.ab"),
        ("##", "*a", "b"),
        ("%", "b", "a.b.a"),
        ("%%", "b*", "a."),
        ("#", "x", "a.b.ab"),
    ],
)
def test_pieces_are_trimmed(operator: str, pattern: str, expect: str) -> None:
    assert expect == trim("a.b.ab", operator, pattern)
