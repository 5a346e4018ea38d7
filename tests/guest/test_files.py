"""Files that the node serves, and folders that no worker node has."""

from __future__ import annotations

from typing import Any

import pytest

from guest.machine.files import Node
from tests.guest.tiny_host import TinyHost

PROGRAM = """
import os, shutil
for name in ("/work", "/venv", "/panda_pilot", "/usr", "/tmp"):
    print(name, os.path.exists(name), os.path.isdir(name))
try:
    os.listdir("/work")
except FileNotFoundError as error:
    print(error)
shutil.rmtree("/venv", ignore_errors=True)
print(os.path.exists("/srv/work"), open("/proc/cpuinfo").read())
"""


def test_a_folder_that_no_worker_node_has_is_not_there(host: TinyHost) -> None:
    assert [
        "/work False False",
        "/venv False False",
        "/panda_pilot False False",
        "/usr True True",
        "/tmp True True",
        "[Errno 2] No such file or directory: '/work'",
        "True served",
    ] == host.fly(PROGRAM).splitlines()[:7]
    assert [] == [each for each in host.notes if each["what"] == "guest.escape"]


WRITTEN = """
import os, time
os.mkdir("one"); log = open("one/log", "w")
def write(times):
    for _ in range(times):
        time.sleep(5); log.write("line\\n"); log.flush()
def ages(folder):
    return [round(time.time() - os.stat(name).st_mtime, 3) for name in (folder + "/log", folder)]
write(3); time.sleep(2); print(ages("one"))
os.rename("one", "two"); write(2); time.sleep(1); print(ages("two"))
os.mkdir("one"); open("one/log", "w").close(); write(1); time.sleep(3)
print(ages("two"), ages("one"))
"""


def test_a_file_has_the_time_of_its_last_write_wherever_its_folder_goes(host: TinyHost) -> None:
    expect = "[2.0, 17.0]\n[1.0, 28.0]\n[3.0, 36.0] [8.0, 8.0]\n"
    assert expect == host.fly(WRITTEN)


class Served:
    """A host whose node has one process, and another one once its table has changed."""

    def __init__(self) -> None:
        self.table: list[int] | None = None
        self.now = 100.0
        self.asked = 0

    def ask(self, kind: str, path: str) -> list[Any]:
        self.asked += 1
        self.table = self.table or [1, 0]
        pid = str(self.table[0])
        files = {f"/proc/{pid}/cmdline": "payload\0", f"/proc/{pid}/stat": ""}
        busy = {f"/proc/{pid}/stat": [f"{pid} (payload) R ", " 0\n", 7.0, 0.5, 98.0]}
        names = {"names": [pid, "stat"], "of_each": ["cmdline", "stat"]}
        return ["folder", {**names, "files": files, "busy": busy}]


def test_files_of_processes_are_asked_for_when_the_table_has_changed() -> None:
    host = Served()
    node: Any = Node(host, host)  # type: ignore[no-untyped-call]
    assert node.known("/proc/1/cmdline") is None
    assert ("file", "payload\0") == node.look("/proc/1/cmdline")
    assert (b"payload\0", 1) == (node.known("/proc/1/cmdline"), host.asked)
    host.table, host.now = [1, 0], 102.0  # told anew, and the same
    assert (b"1 (payload) R 900 0\n", 1) == (node.known("/proc/1/stat"), host.asked)
    assert node.known("/proc/1") is None
    host.table = [2, 0]
    assert node.known("/proc/1/cmdline") is None
    with pytest.raises(FileNotFoundError):
        node.look("/proc/1")
    assert (b"payload\0", 2) == (node.known("/proc/2/cmdline"), host.asked)


NAMES = "import os; print(os.open.__name__, os.stat.__module__, os.lstat.__qualname__)"


def test_functions_of_os_go_by_their_own_names(host: TinyHost) -> None:
    assert "open os lstat\n" == host.fly(NAMES)
