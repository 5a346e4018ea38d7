"""Lists, pipelines, redirections, subshells and scripts, as bash runs them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakesites.node import Running
from fakesites.shell import control
from tests.fakesites.node_world import WORK
from tests.fakesites.node_world import NodeWorld
from tests.fakesites.node_world import real_shell

SAME_AS_BASH = [
    "echo a; echo b",
    "true && echo yes || echo no",
    "false && echo yes || echo no",
    "false || false; echo $?",
    "! true; echo $?",
    "! false && echo ok",
    "echo a | cat | cat",
    "false | true; echo $?",
    "true | false; echo $?",
    "set -o pipefail; false | true; echo $?",
    "(exit 3); echo $?",
    "(A=1; echo $A); echo [$A]",
    "{ A=1; echo $A; }; echo [$A]",
    "A=1; (A=2); echo $A",
    "echo in | { cat; echo out; }",
    "echo a | A=1; echo [$A]",
    "A=1 B=2; echo $A$B",
    "A=1 env | grep ^A=",
    "A=1 true; echo [$A]",
    "export A=1; env | grep ^A=",
    "A=1; export A; env | grep ^A=",
    "A=1; env | grep ^A=; echo $?",
    "export A='x  y'; B=$A; export C=$A; echo \"$B|$C\"",
    "unset A; A=5; unset A; echo [$A]",
    "if true; then echo a; else echo b; fi",
    "if false; then echo a; elif true; then echo c; else echo b; fi",
    "if false; then echo a; fi; echo $?",
    "for i in 1 2 'a b'; do echo \"<$i>\"; done",
    "for i in; do echo $i; done; echo $?",
    "for i in 1 2\ndo\n echo $i\ndone",
    "echo to > f; cat f",
    "echo a > f; echo b >> f; cat f",
    "echo a > f; cat < f",
    "cat nothing 2>/dev/null; echo $?",
    "cat nothing > f 2>&1; wc -l < f",
    "cat nothing 2>&1 > f | wc -l; wc -c < f",
    "{ echo a; echo b; } > f; cat f",
    "(echo a; cat nothing) &> f; wc -l < f",
    "echo a >f b; cat f",
    "echo err >&2; echo out",
    "echo a 1>&2 2>/dev/null; echo $?",
    ">f; wc -c < f",
    "exit 7; echo never",
    "exit 300",
    "echo $(exit 4); echo $?",
    "A=$(exit 4); echo $?",
    "false; A=$?; echo $A $?",
    "false; echo $? $(true) $?",
    "set -e; false; echo never",
    "set -e; false || true; if false; then :; fi; echo on",
    "set -- a 'b c'; echo $# $2; shift; echo $1",
    "eval 'A=1; echo $A'; echo $A",
    "echo 'A=9; echo in' > f; . ./f; echo $A",
    "echo 'return 5; echo no' > f; source ./f; echo $?",
    "command -v cd; command -v nope; echo $?",
    "cd /; pwd",
    "printf '%s-%s\\n' a b c",
    "printf '%5d|%-5s|%05.1f|%x|%%|%c\\n' 42 ab 3.14159 255 xyz",
    "echo -n a; echo -e 'b\\tc'; echo -E 'd\\te'",
    "[ a = a ] && [ a != b ] && [ -n a ] && [ -z '' ] && echo ok",
    "[ 3 -gt 2 -a 2 -ge 2 -a ! 1 -gt 2 ] && echo ok",
    "[ a = b -o 1 = 1 ] && echo ok",
    "test -f nothing || echo missing",
    "touch f; test -f f && test -e f && test ! -d f && test ! -s f && echo file",
    "mkdir d; test -d d && echo folder",
    "[ ]; echo $?",
    "[ x ]; echo $?; [ ! x ]; echo $?",
    "echo a;echo b;",
    "echo a # comment",
    "echo 'multi\nline' | wc -l",
    "echo a |\ncat &&\necho b",
    ": ; echo $?",
    "true & wait; echo $?",
    "(exit 3) & wait $!; echo $?",
    "seq 3 | (head -n 1; echo x)",
    "timeout 5 true; echo $?",
    "/usr/bin/env A=1 sh -c 'echo $A'",
    "sh -c 'echo $0 $1' name arg",
    "bash -c 'exit 4'; echo $?",
    "basename /a/b.txt .txt; dirname /a/b.txt; dirname x",
]


@pytest.mark.parametrize("line", SAME_AS_BASH)
def test_a_line_does_what_bash_does(
    node_world: NodeWorld, tmp_path_factory: pytest.TempPathFactory, line: str
) -> None:
    expect = real_shell(line, cwd=tmp_path_factory.mktemp("cwd"))
    end = node_world.run(line, env={"PATH": "/usr/bin:/bin"})
    assert expect == (end.code, end.stdout)


# -- what costs time


def test_stages_and_commands_take_their_time_one_after_the_other(node_world: NodeWorld) -> None:
    assert "a\n" == node_world.out("sleep 2; sleep 3 | sleep 4; echo a")
    assert 9.0 == node_world.clock.now


def test_a_background_command_runs_beside_the_shell(node_world: NodeWorld) -> None:
    out = node_world.out("sleep 5 & sleep 3; date +%S; wait; date +%S")
    assert "03\n05\n" == out


def test_the_shell_does_not_wait_for_what_it_left_in_the_background(node_world: NodeWorld) -> None:
    running = node_world.spawn("sleep 50 & echo $!")
    assert running.finished is not None
    assert ["sleep"] == node_world.alive()
    child = node_world.node.processes[int(running.finished.stdout)]
    assert (("sleep", "50"), 1) == (child.argv, child.ppid)


def test_wait_waits_for_the_job_named(node_world: NodeWorld) -> None:
    out = node_world.out(
        "sleep 50 & A=$!; (sleep 9; exit 4) & wait $!; echo $? $(date +%S); kill $A"
    )
    assert "4 09\n" == out
    assert [] == node_world.alive()


def test_a_substitution_takes_its_time(node_world: NodeWorld) -> None:
    assert "30\n" == node_world.out('A="$(sleep 30; date +%S)"; echo $A')


def test_wait_n_waits_for_whatever_ends_next(node_world: NodeWorld) -> None:
    out = node_world.out("sleep 9 & (sleep 3; exit 4) & wait -n; echo $? $SECONDS; wait; date +%S")
    assert "4 3\n09\n" == out


def test_a_loop_goes_on_for_as_long_as_its_commands_take(node_world: NodeWorld) -> None:
    line = "n=0; while [ $n -lt 4 ]; do sleep 30; n=$((n+1)); done; echo $SECONDS"
    assert "120\n" == node_world.out(line)


def test_a_pipeline_that_is_timed_tells_the_virtual_time(node_world: NodeWorld) -> None:
    end = node_world.run("time sleep 90")
    assert "\nreal\t1m30.000s\nuser\t0m0.000s\nsys\t0m0.000s\n" == end.stderr


# -- traps


def signalled(world: NodeWorld, line: str, number: int, *, after_s: float = 5.0) -> Running:
    running = world.spawn(line)
    world.forward(after_s)
    world.node.processes.signal(running.pid, number, by="pilot-1")
    return running


def test_a_trap_runs_when_the_command_under_way_has_ended(node_world: NodeWorld) -> None:
    running = signalled(node_world, "trap 'echo got $SECONDS; exit 3' TERM; sleep 60; echo on", 15)
    assert running.finished is None
    end = node_world.wait(running)
    assert (3, "got 60\n") == (end.code, end.stdout)


def test_a_trap_interrupts_a_wait(node_world: NodeWorld) -> None:
    line = "trap 'echo got $SECONDS' TERM; sleep 60 & wait; echo $? $SECONDS; wait; echo $SECONDS"
    end = node_world.wait(signalled(node_world, line, 15))
    assert (0, "got 5\n143 5\n60\n") == (end.code, end.stdout)


def test_a_signal_that_is_ignored_changes_nothing(node_world: NodeWorld) -> None:
    end = node_world.wait(signalled(node_world, "trap '' TERM; sleep 9; echo $SECONDS", 15))
    assert (0, "9\n") == (end.code, end.stdout)


def test_a_shell_that_is_killed_says_goodbye_first(node_world: NodeWorld) -> None:
    end = node_world.wait(signalled(node_world, "trap 'echo bye' EXIT; sleep 60; echo on", 15))
    assert (-15, 15, "bye\n") == (end.code, end.signal, end.stdout)


def test_nobody_says_goodbye_to_sigkill(node_world: NodeWorld) -> None:
    end = node_world.wait(signalled(node_world, "trap 'echo bye' EXIT KILL; sleep 60; true", 9))
    assert (9, "") == (end.signal, end.stdout)


# -- processes


def test_the_last_simple_command_takes_the_shell_s_place(node_world: NodeWorld) -> None:
    running = node_world.spawn("export A=1; sleep 5")
    process = node_world.node.processes[running.pid]
    assert (("sleep", "5"), []) == (
        process.argv,
        node_world.node.processes.children(running.pid),
    )


@pytest.mark.parametrize("line", ["sleep 5; true", "sleep 5 > f", "sleep 5 | cat", "! sleep 5"])
def test_any_other_command_is_a_child_of_the_shell(node_world: NodeWorld, line: str) -> None:
    running = node_world.spawn(line)
    children = node_world.node.processes.children(running.pid)
    table = node_world.node.processes
    assert [("sleep", "5")] == [table[pid].argv for pid in children]


def test_a_finished_child_is_collected_by_the_shell(node_world: NodeWorld) -> None:
    running = node_world.spawn("sleep 1; sleep 5; true")
    node_world.forward(2)
    assert 1 == len(node_world.node.processes.children(running.pid))
    assert all(each.alive for each in node_world.node.processes.entered())


def test_a_shell_that_kills_itself_says_no_more(node_world: NodeWorld) -> None:
    end = node_world.run("echo a; kill -9 $$; echo b")
    assert (-9, 9, "a\n") == (end.code, end.signal, end.stdout)


def test_ps_sees_itself_and_the_shell_it_runs_in(node_world: NodeWorld) -> None:
    running = node_world.spawn("ps -o pid,ppid,comm; true")
    assert running.finished is not None
    rows = [line.split() for line in running.finished.stdout.splitlines()]
    pid = running.pid
    assert [str(pid), str(node_world.pilot.pid), "bash"] in rows
    assert [str(pid + 1), str(pid), "ps"] in rows


# -- errors

UNEXPECTED = (
    "/bin/bash: -c: line 1: syntax error near unexpected token `|'\n"
    "/bin/bash: -c: line 1: `a | | b'\n"
)


@pytest.mark.parametrize(
    ("line", "code", "stderr"),
    [
        ("nope", 127, "/bin/bash: line 1: nope: command not found\n"),
        ("./nope", 127, "/bin/bash: line 1: ./nope: No such file or directory\n"),
        ("touch f; ./f", 126, "/bin/bash: line 1: ./f: Permission denied\n"),
        ("mkdir d; ./d", 126, "/bin/bash: line 1: ./d: Permission denied\n"),
        ("true\nnope", 127, "/bin/bash: line 2: nope: command not found\n"),
        ("cat < no", 1, "/bin/bash: line 1: no: No such file or directory\n"),
        ("echo > no/f", 1, "/bin/bash: line 1: no/f: No such file or directory\n"),
        ("cd no", 1, "/bin/bash: line 1: cd: no: No such file or directory\n"),
        ("touch f; cd f", 1, "/bin/bash: line 1: cd: f: Not a directory\n"),
        (". no", 1, "/bin/bash: line 1: no: No such file or directory\n"),
        ("export 1a=2", 1, "/bin/bash: line 1: export: `1a=2': not a valid identifier\n"),
        ("exit a", 2, "/bin/bash: line 1: exit: a: numeric argument required\n"),
        ("f() { nope; }\n\nf", 127, "/bin/bash: line 1: nope: command not found\n"),
        ("echo $((1/0))", 1, '/bin/bash: 1/0: division by 0 (error token is "0")\n'),
        ("((1/0)); true", 0, '/bin/bash: line 1: ((: 1/0: division by 0 (error token is "0")\n'),
        ("set -u; echo $A", 127, "/bin/bash: A: unbound variable\n"),
        ("readonly A=1; A=2", 1, "/bin/bash: A: readonly variable\n"),
        ("local A=1", 1, "/bin/bash: line 1: local: can only be used in a function\n"),
        (
            "break",
            0,
            "/bin/bash: line 1: break: only meaningful in a `for', `while', or `until' loop\n",
        ),
        ("set -x; echo a 'b c'", 0, "+ echo a 'b c'\n"),
        ("set -x; A=1; B=2 true", 0, "+ A=1\n+ B=2 true\n"),
        ("echo a >&7", 1, "/bin/bash: line 1: 7: Bad file descriptor\n"),
        ("trap x NOPE", 1, "/bin/bash: line 1: trap: NOPE: invalid signal specification\n"),
        ("f() { f; }; f", 1, "/bin/bash: line 1: f: maximum function nesting level exceeded\n"),
        ("kill 99", 1, "bash: line 1: kill: (99) - No such process\n"),
        ('echo "a', 2, "/bin/bash: -c: line 1: unexpected EOF while looking for matching `\"'\n"),
        (
            "a | | b",
            2,
            UNEXPECTED,
        ),
    ],
)
def test_an_error_is_told_as_bash_tells_it(
    node_world: NodeWorld, line: str, code: int, stderr: str
) -> None:
    end = node_world.run(line)
    assert (code, stderr) == (end.code, end.stderr)


def test_a_refused_line_is_an_event_and_runs_nothing(node_world: NodeWorld) -> None:
    end = node_world.run("touch f; coproc cat")
    assert (2, "") == (end.code, end.stdout)
    assert "coproc: not spoken by the shell of this node" in end.stderr
    event = node_world.events("shell.refused")[0]
    assert {"line": "touch f; coproc cat", "why": "coproc"} == dict(event.data)
    assert "" == node_world.out("ls")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("trap x DEBUG", "trap DEBUG"),
        ("read -s -x A", "read -x"),
        ("declare -n x", "declare -n"),
        ("wait %1", "wait"),
        ("shopt -s nullglob", "shopt nullglob"),
        ("fg", "fg"),
        ("cat <> f", "read-write redirection"),
    ],
)
def test_a_builtin_outside_of_the_subset_is_refused(
    node_world: NodeWorld, line: str, why: str
) -> None:
    assert 2 == node_world.run(line).code
    assert [why] == [event["why"] for event in node_world.events("shell.refused")]


def test_a_script_that_calls_itself_comes_to_an_end(node_world: NodeWorld) -> None:
    node_world.script("loop", "#!/bin/sh\n./loop\n")
    end = node_world.run("./loop")
    assert 254 == end.code
    assert "Resource temporarily unavailable" in end.stderr


def test_a_file_that_sources_itself_comes_to_an_end(node_world: NodeWorld) -> None:
    node_world.write("loop", ". ./loop\n")
    end = node_world.run(". ./loop")
    assert "maximum source nesting level exceeded" in end.stderr


# -- scripts


@pytest.mark.parametrize(
    "head", ["#!/bin/sh", "#!/bin/bash -e", "#!/usr/bin/env bash", "# no interpreter", "#! /bin/sh"]
)
def test_a_script_is_run_by_the_shell_that_it_asks_for(node_world: NodeWorld, head: str) -> None:
    node_world.script("job", f'{head}\necho "$0 $1 $#"\n')
    assert "./job a b 2\n" == node_world.out("./job 'a b' c")


def test_a_script_can_be_spawned_without_a_shell(node_world: NodeWorld) -> None:
    node_world.script("job", "#!/bin/sh\necho $1\nexit 3\n")
    end = node_world.run((f"{WORK}/job", "x"))
    assert (3, "x\n") == (end.code, end.stdout)


def test_a_script_can_be_given_to_a_shell(node_world: NodeWorld) -> None:
    node_world.write("job", "echo $0 $1")
    assert "job a\n" == node_world.out("sh job a")
    assert "/bin/bash: no: No such file or directory\n" == node_world.run("/bin/bash no").stderr


def test_a_shell_reads_its_standard_input(node_world: NodeWorld) -> None:
    assert "a\n" == node_world.out(("bash",), stdin="A=a\necho $A\n")


def test_another_interpreter_is_refused(node_world: NodeWorld) -> None:
    node_world.script("job", "#!/usr/bin/python3\nprint(1)\n")
    assert 126 == node_world.run("./job").code
    assert ["#!/usr/bin/python3"] == [e["line"] for e in node_world.events("shell.refused")]


def test_a_program_of_bytes_is_not_executed(node_world: NodeWorld) -> None:
    node_world.script("job", "\x7fELF\0\0")
    end = node_world.run("./job")
    assert (126, True) == (end.code, "cannot execute binary file" in end.stderr)


def test_exec_replaces_the_script_by_a_program(node_world: NodeWorld) -> None:
    node_world.script("job", '#!/bin/sh\nexec sleep "$1"\necho never\n')
    running = node_world.spawn("export A=1;./job 5")
    process = node_world.node.processes[running.pid]
    assert ("sleep", "5") == process.argv
    assert "" == node_world.wait(running).stdout


def test_exec_can_redirect_the_rest_of_a_script(node_world: NodeWorld) -> None:
    end = node_world.run("exec > log 2>&1; echo a; cat no")
    assert (1, "", "") == (end.code, end.stdout, end.stderr)
    assert "a\ncat: no: No such file or directory\n" == node_world.read("log")


def test_a_long_command_writes_to_its_file_as_it_goes(node_world: NodeWorld) -> None:
    node_world.spawn("{ echo a; sleep 10; echo b; } > log")
    node_world.forward(1)
    assert "a\n" == node_world.read("log")
    node_world.forward(10)
    assert ("a\nb\n", 10.0) == (node_world.read("log"), node_world.mtime("log"))


def test_the_first_line_of_a_script_may_set_options(node_world: NodeWorld) -> None:
    node_world.script("job", "#!/bin/bash -e\nfalse\necho on\n")
    assert (1, "") == (node_world.run("./job").code, node_world.run("./job").stdout)
    assert "on\n" == node_world.run("bash ./job").stdout
    assert 1 == node_world.run("bash -e -o pipefail ./job").code


def test_a_loop_that_never_ends_is_ended(
    node_world: NodeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "ROUNDS_LIMIT", 100)
    end = node_world.run("while :; do :; done; echo $?")
    assert ("1\n", True) == (end.stdout, "a loop of 100 rounds in no time" in end.stderr)


def test_errors_of_a_script_name_it_and_the_line(node_world: NodeWorld) -> None:
    node_world.script("job", "#!/bin/sh\n\nnope\n")
    assert "./job: line 3: nope: command not found\n" == node_world.run("./job").stderr


# -- lines that pilots are known to give

COUNTING = "ps axo pgid,psr | sort | grep"


def test_the_line_that_counts_the_cores_of_a_group(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    payload = table.add(("athena.py",), ppid=node_world.pilot.pid, owner="pilot-1", pgid=0)
    for _ in range(3):
        table.add(("athena.py",), ppid=payload.pid, owner="pilot-1")
    group = payload.pgid
    line = f"{COUNTING} {group} | uniq | awk '{{print $2}}' | grep -v PSR | wc -l"
    running = node_world.spawn(line, new_session=True)
    assert running.finished is not None
    assert (0, "4\n") == (running.finished.code, running.finished.stdout)
    line = f"{COUNTING} {group} | uniq | awk '{{print $1}}' | grep -x {group} | wc -l"
    assert "4\n" == node_world.out(line)


def test_the_line_that_makes_the_log(node_world: NodeWorld) -> None:
    node_world.out("mkdir tarball; echo text > tarball/log.txt")
    line = "pwd;tar cvfz log.tgz tarball --dereference --one-file-system; echo $?"
    assert ["/srv/work", "tarball/", "tarball/log.txt", "0"] == node_world.out(line).splitlines()


def test_a_setup_and_a_tool_on_one_line(node_world: NodeWorld) -> None:
    node_world.write("setup.sh", "# a comment\nexport SITE=BNL\nVERSION=$(echo 5)\n")
    assert "BNL 5\n" == node_world.out("source setup.sh;echo $SITE $VERSION")


def test_a_setup_that_asks_first(node_world: NodeWorld) -> None:
    line = 'if [ -z "$BASE" ]; then export BASE=/cvmfs; fi;echo $BASE'
    assert "/cvmfs\n" == node_world.out(line)


WORDS = st.lists(st.sampled_from(["a", "b", "ab", "a b", "B", "10", "9", "", "x\ty"]), max_size=8)
FILTERS = st.sampled_from(
    [
        "sort",
        "sort -r",
        "sort -u",
        "sort -n",
        "sort -k 2",
        "sort -t b -k 2,2",
        "sort -f",
        "uniq",
        "uniq -c",
        "uniq -d",
        "uniq -u",
        "uniq -i",
        "grep a",
        "grep -v a",
        "grep -i b",
        "grep -c a",
        "grep -x ab",
        "grep -w b",
        "grep -n .",
        "grep -o '[a-z]'",
        "grep -E 'a|9'",
        "grep '^a.*b$'",
        "grep -F .",
        "wc",
        "wc -l",
        "wc -w",
        "wc -c",
        "head -n 2",
        "head -1",
        "head -n -1",
        "head -c 3",
        "tail -n 2",
        "tail -n +2",
        "tail -1",
        "tail -c 3",
        "cut -c 1",
        "cut -d' ' -f 2",
        "cut -d a -f 1,2 -s",
        "cut -c 2-",
        "cut -b -2",
        "tr a-z A-Z",
        "tr -d ab",
        "tr -s b",
        "tr ' \\t' _",
        "sed s/a/X/",
        "sed 's/[ab]/<&>/g'",
        "sed -n '2p'",
        "sed '/a/d'",
        "sed -E 's/(a)(b)/\\2\\1/'",
        "sed '$d'",
        "awk '{print $1}'",
        "awk '{print $2, $1}'",
        "awk '/a/{print NR, NF, $NF}'",
        "awk 'NR>1'",
        "awk 'END{print NR}'",
        "awk -F b '{print $1 \"-\" $2}'",
        "awk '$1 == \"a\" {print}'",
        "cat -n",
    ]
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=WORDS, filters=st.lists(FILTERS, min_size=1, max_size=3), end=st.booleans())
def test_a_pipeline_of_filters_does_what_the_real_one_does(
    node_world: NodeWorld, words: list[str], filters: list[str], end: bool
) -> None:
    text = "\n".join(words) + "\n" * end
    line = " | ".join(filters)
    expect = real_shell(line, stdin=text)
    got = node_world.run(line, stdin=text)
    assert (*expect, "") == (got.code, got.stdout, got.stderr)
