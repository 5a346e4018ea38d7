"""/tmp of a guest: its node's own, under that name, whatever functions are used."""

from __future__ import annotations

from tests.guest.tiny_host import TinyHost

PROGRAM = """
import glob, os, pathlib, shutil, sys, tempfile
with open("/tmp/text", "w") as file: file.write("one")
os.mkdir("/tmp/folder")
os.rename("/tmp/text", "/tmp/folder/text")
pathlib.Path("/tmp/folder/other").write_text("two")
shutil.copy("/tmp/folder/other", "/tmp/copy")
os.symlink("/tmp/copy", "/tmp/link")
print(os.listdir("/tmp"), sorted(glob.glob("/tmp/f*/*")), os.path.getsize("/tmp/copy"))
print([(each.path, each.is_dir()) for each in sorted(os.scandir("/tmp"), key=lambda e: e.name)])
print([(where, names) for where, _, names in os.walk("/tmp/folder")])
print(open("/tmp/link").read(), open(b"/tmp/copy", "rb").read(), os.path.exists(b"/tmp/none"))
fd = os.open("/tmp/raw", os.O_CREAT | os.O_WRONLY); os.write(fd, b"raw"); os.close(fd)
os.chdir("/tmp/folder")
print(os.getcwd(), os.getcwdb(), os.path.abspath("text"), open("text").read())
os.chdir("/srv/work")
print(os.getcwd())
for call in (open, os.stat, os.rmdir):
    try: call("/tmp/none")
    except FileNotFoundError as error: print(error)
del os.environ["TMPDIR"]
with tempfile.NamedTemporaryFile() as file: print(file.name.startswith("/tmp/tmp"))
with tempfile.TemporaryDirectory() as folder: print(os.path.isdir(folder), folder[:5])
os.chmod("/tmp/raw", 0o600); os.truncate("/tmp/raw", 1); os.utime("/tmp/raw", (5, 5))
found = os.stat("/tmp/raw")
print(oct(found.st_mode), found.st_mtime == 5, found.st_size, os.access("/tmp/raw", os.R_OK))
shutil.rmtree("/tmp/folder")
os.remove("/tmp/link")
print(os.listdir("/tmp"), os.listdir("/srv/tmp"))
"""
SAID = """\
['copy', 'folder', 'link'] ['/tmp/folder/other', '/tmp/folder/text'] 3
[('/tmp/copy', False), ('/tmp/folder', True), ('/tmp/link', False)]
[('/tmp/folder', ['other', 'text'])]
two b'two' False
/tmp/folder b'/tmp/folder' /tmp/folder/text one
/srv/work
[Errno 2] No such file or directory: '/tmp/none'
[Errno 2] No such file or directory: '/tmp/none'
[Errno 2] No such file or directory: '/tmp/none'
True
True /tmp/
0o100600 True 1 True
['copy', 'raw'] ['copy', 'raw']
"""


def test_what_is_done_in_tmp_is_done_on_the_node(host: TinyHost) -> None:
    assert SAID == host.fly(f"import os; os.environ['TMPDIR'] = 'x'\n{PROGRAM}")
    assert (host.root / "tmp" / "copy").read_text() == "two"
    assert [] == host.notes


def test_the_way_out_of_tmp_is_no_way(host: TinyHost) -> None:
    program = """
import os
os.symlink("/etc", "/tmp/way")
for path in ("/tmp/way/new", "/tmp/../etc/new"):
    try: open(path, "w")
    except OSError as error: print(type(error).__name__)
"""
    assert "PermissionError\nFileNotFoundError\n" == host.fly(program)
    assert ["escape"] == [note["what"] for note in host.notes]
