"""Child processes: output, time-outs, signals, waiting."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guest.tiny_host import TinyHost

COMMANDS = {
    "ps x": (0.0, 0, "hello\n"),
    "long": (100.0, 3, "out\n"),
    "false": (0.0, 1, ""),
}


@pytest.fixture
def host(tmp_path: Path) -> TinyHost:
    return TinyHost(tmp_path, commands=COMMANDS)


def test_run_captures_text(host: TinyHost) -> None:
    program = """
import subprocess
done = subprocess.run(["/bin/bash", "-c", "ps x"], capture_output=True, text=True)
print(done.returncode, repr(done.stdout), repr(done.stderr))
print(subprocess.check_output("ps x", shell=True))
"""
    assert "0 'hello\\n' ''\nb'hello\\n'\n" == host.fly(program)


def test_communicate_times_out_and_can_be_taken_up_again(host: TinyHost) -> None:
    program = """
import subprocess, time
child = subprocess.Popen("long", shell=True, stdout=subprocess.PIPE, text=True)
try: child.communicate(timeout=10)
except subprocess.TimeoutExpired as error: print(error.timeout, time.monotonic(), child.poll())
print(child.communicate(), child.returncode, time.monotonic())
"""
    assert "10 20.0 None\n('out\\n', None) 3 110.0\n" == host.fly(program)


def test_a_killed_child_ends_with_its_signal(host: TinyHost) -> None:
    program = """
import subprocess, time
child = subprocess.Popen("long", shell=True)
time.sleep(5); child.terminate(); print(child.wait(), time.monotonic())
"""
    assert "-15 15.0\n" == host.fly(program)


def test_a_reader_thread_gets_lines_when_they_come(host: TinyHost) -> None:
    program = """
import subprocess, time
child = subprocess.Popen("long", shell=True, stdout=subprocess.PIPE, text=True)
for line in child.stdout: print(repr(line), time.monotonic())
print(child.wait())
"""
    assert "'out\\n' 110.0\n3\n" == host.fly(program)


def test_output_goes_to_the_programs_own_file(host: TinyHost) -> None:
    program = """
import subprocess
with open("out.txt", "w") as out: subprocess.run("ps x", shell=True, stdout=out)
print(open("out.txt").read(), end="")
"""
    assert "hello\n" == host.fly(program)


def test_waitpid_knows_the_children(host: TinyHost) -> None:
    program = """
import os, subprocess, time
child = subprocess.Popen("long", shell=True, stdout=subprocess.DEVNULL)
print(os.waitpid(child.pid, os.WNOHANG), os.waitpid(-1, 0) == (child.pid, 3 << 8), time.monotonic())
try: os.waitpid(-1, 0)
except ChildProcessError as error: print(error.errno)
"""
    assert "(0, 0) True 110.0\n10\n" == host.fly(program)


def test_a_failed_command_raises_for_check(host: TinyHost) -> None:
    program = """
import subprocess, os
try: subprocess.run("false", shell=True, check=True)
except subprocess.CalledProcessError as error: print(error.returncode)
print(os.system("false") >> 8)
"""
    assert "1\n1\n" == host.fly(program)


def test_the_environment_is_sent_when_it_changed(host: TinyHost) -> None:
    host.fly("""
import os, subprocess
for _ in range(2): subprocess.run("ps x", shell=True)
os.environ["NEW"] = "1"; subprocess.run("ps x", shell=True)
""")
    sent = [each["args"]["env"] for each in host.asked if each["kind"] == "spawn"]
    assert [False, True, False] == [env is None for env in sent]
    assert "1" == sent[2]["NEW"]


def test_select_waits_for_a_childs_output(host: TinyHost) -> None:
    program = """
import select, subprocess, time
child = subprocess.Popen("long", shell=True, stdout=subprocess.PIPE)
print(select.select([child.stdout], [], [], 10)[0], time.monotonic())
print(len(select.select([child.stdout], [], [], 1000)[0]), time.monotonic())
"""
    assert "[] 20.0\n1 110.0\n" == host.fly(program)


def test_streams_are_closed_after_communicate(host: TinyHost) -> None:
    program = """
import subprocess
for text in (True, False):
    child = subprocess.Popen("ps x", shell=True, stdout=subprocess.PIPE, text=text)
    print(child.communicate(), child.stdout.closed, child.stderr); child.stdout.close()
    print(child.communicate())
"""
    text = "('hello\\n', None) True None\n('', None)\n"
    binary = "(b'hello\\n', None) True None\n(b'', None)\n"
    assert text + binary == host.fly(program)
