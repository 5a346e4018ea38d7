"""Lines become scripts, are refused by name, or are no shell at all."""

from __future__ import annotations

import pytest

from fakesites.shell import Refused
from fakesites.shell import SyntaxProblem
from fakesites.shell import parse
from fakesites.shell.syntax import Simple


def simple(line: str) -> Simple:
    command = parse(line).chains[0].links[0][1].commands[0]
    assert isinstance(command, Simple)
    return command


def test_a_plain_command_is_its_argv_already() -> None:
    assert ("ps", "-eo", "pid,ppid", "-m") == simple("ps -eo pid,ppid -m").argv


def test_quotes_and_escapes_are_plain_too() -> None:
    assert ("a b", "c$d", "e f", "") == simple("""'a b' "c\\$d" e\\ f ''""").argv


@pytest.mark.parametrize("word", ["$A", "`a`", "$(a)", "a*", "~/x", '"$A"', "[ab]"])
def test_what_must_be_expanded_is_not_plain(word: str) -> None:
    assert simple(f"echo {word}").argv is None


@pytest.mark.parametrize("word", ["'*'", '"?"', "\\*", "a~", "'$A'", "\\$A"])
def test_what_is_quoted_is_plain(word: str) -> None:
    assert simple(f"echo {word}").argv is not None


def test_a_comment_ends_a_line_and_a_hash_in_a_word_does_not() -> None:
    assert ("echo", "a#b") == simple("echo a#b # c; d").argv


def test_an_escaped_line_end_joins_lines() -> None:
    assert ("echo", "ab", "c") == simple("echo a\\\nb \\\n c").argv


def test_the_line_of_a_command_is_known() -> None:
    script = parse("a\n\nb 'x\ny'\nc")
    lines = [chain.links[0][1].commands[0] for chain in script.chains]
    assert [1, 3, 5] == [each.line for each in lines if isinstance(each, Simple)]


def test_assignments_come_first_only() -> None:
    command = simple("A=1 B= c D=2")
    assert ["A", "B"] == [each.name for each in command.assignments]
    assert ("c", "D=2") == command.argv


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("diff <(a) <(b)", "process substitution"),
        ("coproc cat", "coproc"),
        ("select x in a b; do echo $x; done", "select"),
        ("echo ${x@Q}", "this form of"),
        ("echo {1..99999}", "brace expansion to more than 10000 words"),
    ],
)
def test_what_is_outside_of_the_subset_is_refused_by_name(line: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        parse(line)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('echo "a', "unexpected EOF while looking for matching `\"'"),
        ("echo 'a", "unexpected EOF while looking for matching `''"),
        ("echo `a", "unexpected EOF while looking for matching ``'"),
        ("echo $(a", "unexpected EOF while looking for matching `)'"),
        ("echo ${a", "unexpected EOF while looking for matching `}'"),
        ("a | | b", "syntax error near unexpected token `|'"),
        ("a && ", "syntax error: unexpected end of file"),
        ("; a", "syntax error near unexpected token `;'"),
        ("a )", "syntax error near unexpected token `)'"),
        ("if a; then", "syntax error: unexpected end of file"),
        ("then a", "syntax error near unexpected token `then'"),
        ("a >", "syntax error: unexpected end of file"),
        ("for x in a; echo; done", "syntax error near unexpected token `echo'"),
        ("case x in a) b", "syntax error: unexpected end of file"),
        ("f() echo x", "syntax error near unexpected token `f'"),
        ("a (b)", "syntax error near unexpected token `b'"),
        ("[[ a == ]]", "syntax error: unexpected end of file"),
        ("while true; done", "syntax error near unexpected token `done'"),
        ("x=(a", "unexpected EOF while looking for matching `)'"),
        ("echo a=(b)", "syntax error near unexpected token `('"),
        ("echo ${x[1", "unexpected EOF while looking for matching `]'"),
        ("for ((i=0; i<3)); do a; done", "syntax error: arithmetic expression required"),
    ],
)
def test_what_is_no_shell_is_said_in_bash_s_words(line: str, what: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse(line)
    assert what == str(caught.value)


def test_substitutions_nest_to_a_limit() -> None:
    with pytest.raises(Refused, match="nested deeper"):
        parse("echo " + "$(echo " * 25 + ")" * 25)


def test_a_line_is_parsed_once() -> None:
    assert parse("echo once | cat") is parse("echo once | cat")
