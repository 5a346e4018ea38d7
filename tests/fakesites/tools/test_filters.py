"""Filters of text beyond what the property test of pipelines reaches: files, errors, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakesites.node_world import NodeWorld
from tests.fakesites.node_world import real_shell

FILES = {"f": "b 2\na 10\n\nb 2\n", "g": "Alpha,1\nbeta,2", "empty": ""}


@pytest.fixture
def files(
    node_world: NodeWorld, tmp_path_factory: pytest.TempPathFactory
) -> tuple[NodeWorld, Path]:
    """Return a world and a real folder with the same files."""
    folder = tmp_path_factory.mktemp("cwd")
    for name, text in FILES.items():
        node_world.write(name, text)
        (folder / name).write_text(text)
    return node_world, folder


@pytest.mark.parametrize(
    "line",
    [
        "sort f g",
        "sort -k 2n f",
        "sort -t, -k 2,2nr g",
        "sort -o out f; cat out",
        "sort -b -k 2 f",
        "uniq f",
        "grep b f",
        "grep b f g",
        "grep -h b f g",
        "grep -H b f",
        "grep -c b f g",
        "grep -l b f g empty",
        "grep -L b f g empty",
        "grep -q b f; echo $?",
        "grep -m 1 b f",
        "grep -n b f g",
        "grep -e a -e 2 f",
        "grep -iE '^(alpha|beta),[0-9]$' g",
        "grep -o '[[:digit:]]\\+' f",
        "grep '\\(b\\) 2' f",
        "grep 'a*' empty; echo $?",
        "grep -v x empty; echo $?",
        "grep -r beta .",
        "grep -s x no f; echo $?",
        "grep zz f no 2>/dev/null; echo $?",
        "egrep 'a|b' f; fgrep . f; echo $?",
        "grep '' f",
        "grep -w 1 f",
        "grep '[]x]' f; grep '[^a-z ]' f",
        "wc f g",
        "wc -l f g",
        "wc -lc f",
        "wc empty",
        "head -n 1 f g",
        "head -q -n 1 f g",
        "head -c 4 f",
        "tail -n 1 f g",
        "tail -c 4 g",
        "head -n 0 f; tail -n 0 f",
        "cut -d, -f 2 g",
        "cut -d, -f 2- --output-delimiter=: g",
        "cut -c 1,3 f",
        "cat f g empty | wc -c",
        "cat - g < f | wc -l",
        "cat -n g",
        "sed -n '/a/p;1p' f",
        "sed -e s/b/B/ -e s/2/II/ f",
        "sed '2,3d' f",
        "sed -i s/b/X/g f; cat f",
        "sed 's/b/X/2' f; sed 's/\\(.\\) \\(.\\)/\\2 \\1/' f",
        "sed 's#/#-#g;s/,/ /' g",
        "sed -n 's/b/X/p' f",
        "sed 's/ALPHA/x/I' g",
        "awk -F, '{print $2}' g",
        "awk '$2 > 3 {print $1}' f",
        "awk 'NR==2{print}' f",
        "awk '!/b/' f",
        "awk '{print $NF}' f",
        "awk '{print $(NF-1)}' f | head -n 2",
        "tr -d '\\n' < f",
        "tr -cd 'a-z\\n' < f",
        "tr '[:lower:]' '[:upper:]' < g",
        "tr -s '\\n' < f",
        "tee copy < f | wc -l; cat copy",
        "tee -a g < f > /dev/null; wc -l g",
        "seq 3; seq 2 4; seq 5 -2 1",
    ],
)
def test_files_are_filtered_as_by_the_real_tools(files: tuple[NodeWorld, Path], line: str) -> None:
    world, folder = files
    expect = real_shell(line, cwd=folder)
    end = world.run(line, env={"PATH": "/usr/bin:/bin"})
    assert expect == (end.code, end.stdout)


@pytest.mark.parametrize(
    ("line", "code", "complaint"),
    [
        ("cat no", 1, "cat: no: No such file or directory\n"),
        ("cat .", 1, "cat: .: Is a directory\n"),
        ("cat /etc/shadow", 1, "cat: /etc/shadow: No such file or directory\n"),
        ("sort no", 2, "sort: cannot read: no: No such file or directory\n"),
        ("uniq no", 1, "uniq: no: No such file or directory\n"),
        ("grep x no", 2, "grep: no: No such file or directory\n"),
        ("grep", 2, "grep: Usage: grep [OPTION]... PATTERNS [FILE]...\n"),
        ("grep -E '(' f", 2, "grep: Invalid regular expression\n"),
        ("grep '[a' f", 2, "grep: Unmatched [, [^, [:, [., or [=\n"),
        ("grep --nope x", 2, "grep: unrecognized option '--nope'\n"),
        ("wc no", 1, "wc: no: No such file or directory\n"),
        ("head no", 1, "head: cannot open 'no' for reading: No such file or directory\n"),
        ("head -n x f", 1, "head: invalid number of lines: 'x'\n"),
        ("head -n", 1, "head: option requires an argument -- 'n'\n"),
        ("cut f", 1, "cut: you must specify a list of bytes, characters, or fields\n"),
        ("cut -d ab -f 1 f", 1, "cut: the delimiter must be a single character\n"),
        ("cut -f 0 f", 1, "cut: invalid field value '0'\n"),
        ("cut -f 3-2 f", 1, "cut: invalid decreasing range\n"),
        ("tr", 1, "tr: missing operand\n"),
        ("sed", 1, "sed: no script specified\n"),
        ("sed p no", 2, "sed: can't read no: No such file or directory\n"),
        ("sed s/a", 1, "sed: -e expression #1, char 3: unterminated `s' command\n"),
        ("awk", 2, "awk: usage: awk [-F fs][-v var=value] prog [file ...]\n"),
        ("awk '{print}' no", 2, "awk: cannot open no (No such file or directory)\n"),
        (
            "seq x",
            1,
            "seq: invalid integer argument: invalid literal for int() with base 10: 'x'\n",
        ),
        ("seq 99999999", 1, "seq: more than 1000000 numbers\n"),
    ],
)
def test_errors_are_told(node_world: NodeWorld, line: str, code: int, complaint: str) -> None:
    end = node_world.run(line)
    assert (code, complaint) == (end.code, end.stderr)


@pytest.mark.parametrize(
    "line",
    [
        "sort -h",
        "sort -k 1.2",
        "wc -L",
        "tail -f x",
        "awk 'BEGIN{x=1}'",
        "awk '{print length($1)}'",
        "awk '{s+=$1} END{print s}'",
        "awk -v a=1 '{print a}'",
        "sed y/a/b/",
        "sed '/a/,/b/d'",
        "tr '[=a=]' b",
        "printf '%*d' 3 4",
    ],
)
def test_what_is_outside_of_the_subset_is_refused(node_world: NodeWorld, line: str) -> None:
    end = node_world.run(("bash", "-c", line), stdin="a\n")
    assert 2 == end.code
    assert "not spoken by" in end.stderr
    assert 1 == len(node_world.events("shell.refused"))
