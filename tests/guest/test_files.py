"""Files that the node serves, and folders that no worker node has."""

from __future__ import annotations

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
