"""Changing, or reading, files outside of the root."""

from __future__ import annotations

from tests.guest.hostile.ways import Group

GROUP = Group("files")
add = GROUP.add

add("open(…, 'w')", "RRRR", "open(D['new'], 'w')")
add("open(…, 'r+') of the home", "RRRR", "open(D['secret'], 'r+')")
add("open(…, 'a') beside the run", "RRRR", "open(D['beside'], 'a')")
add("open with an opener", "RRRR", "open(D['new'], 'w', opener=lambda n, f: os.open(n, f))")
add("io.FileIO", "RRRR", "import _io; _io.FileIO(D['new'], 'w')")
add("os.open", "RRRR", "os.open(D['new'], os.O_CREAT | os.O_WRONLY)")
add("posix.open", "RRRR", "posix.open(D['new'], os.O_CREAT | os.O_WRONLY)")
add("os.open, O_TMPFILE", "RRRR", "os.open(D['folder'], os.O_TMPFILE | os.O_RDWR)")
add("pathlib", "RRRR", "import pathlib; pathlib.Path(D['new']).write_text('x')")
add("a path with ..", "RRRR", "open('../../../../../..' + D['new'], 'w')")
add("a link out of the root", "RRRR", "os.symlink(D['folder'], 'link'); open('link/new', 'w')")
add(
    "a link to a file, followed",
    "RRRR",
    "os.symlink(D['beside'], 'link'); open('link', 'w')",
)
add(
    "the folder above a link's target",
    "RRRR",
    "os.symlink(D['folder'] + '/inner', 'link'); open('link/../new', 'w')",
)
add(
    "os.open below a folder's descriptor",
    "CRCR",
    "fd = os.open(D['folder'], os.O_RDONLY)\nos.open('new', os.O_CREAT | os.O_WRONLY, dir_fd=fd)",
)
add(
    "the same with the real open, dug out",
    "CCCN",
    "fd = os.open(D['folder'], os.O_RDONLY)\n"
    "posix.open.real('new', os.O_CREAT | os.O_WRONLY, dir_fd=fd)",
)
add(
    "mkdir below a folder's descriptor",
    "CRCR",
    "fd = os.open(D['folder'], os.O_RDONLY)\nos.mkdir('new', dir_fd=fd)",
)
add(
    "O_PATH and /proc/self/fd",
    "CRCR",
    "import _io; fd = os.open(D['folder'], os.O_PATH)\n_io.FileIO(f'/proc/self/fd/{fd}/new', 'w')",
)
add("os.chdir and a relative name", "CRCR", "os.chdir(D['folder']); open('new', 'w')")
add("/proc/self/root", "RRRR", "import _io; _io.FileIO('/proc/self/root' + D['new'], 'w')")
add(
    "/proc/<host>/root",
    "RRRR",
    "import _io\n_io.FileIO('/proc/%d/root%s' % (D['host'], D['new']), 'w')",
)
add("/proc/self/mem", "RRRR", "import _io; _io.FileIO('/proc/self/mem', 'r+')")
add("mkdir", "RRRR", "os.mkdir(D['new'])")
add("rmdir", "RRRR", "os.rmdir(D['folder'] + '/inner')")
add("remove", "RRRR", "os.remove(D['beside'])")
add("truncate", "RRRR", "os.truncate(D['beside'], 0)")
add("chmod", "RRRR", "os.chmod(D['beside'], 0)")
add("chmod of a descriptor", "CRCR", "os.fchmod(os.open(D['beside'], 0), 0o000)")
add("chown", "RRRR", "os.chown(D['beside'], 1, 1)")
add("lchown", "RRRR", "os.lchown(D['beside'], 1, 1)")
add("utime", "RRRR", "os.utime(D['beside'], (1, 1))")
add("setxattr", "RRRR", "os.setxattr(D['beside'], 'user.way', b'x')")
add("rename out", "RRRR", "open('x', 'w'); os.rename('x', D['new'])")
add("rename in", "RRRR", "os.rename(D['beside'], 'x')")
add("replace", "RRRR", "open('x', 'w'); os.replace('x', D['beside'])")
add("hard link in, and write", "RRRR", "os.link(D['beside'], 'x'); open('x', 'w')")
add("hard link out", "RRRR", "open('x', 'w'); os.link('x', D['new'])")
add("symlink out there", "RRRR", "os.symlink('x', D['new'])")
add("mkfifo", "RRRR", "os.mkfifo(D['new'])")
add("posix.mkfifo", "RRRR", "posix.mkfifo(D['new'])")
add("mkfifo, dug out of its guard", "RRCN", "posix.mkfifo.real(D['new'])")
add("mknod", "RRRR", "os.mknod(D['new'])")
add("shutil.rmtree", "CRCR", "import shutil; shutil.rmtree(D['folder'])")
add("shutil.move", "RRRR", "import shutil; open('x', 'w'); shutil.move('x', D['new'])")
add("tempfile in /dev/shm", "RRRR", "import tempfile; tempfile.mkstemp(dir='/dev/shm')")
add("tempfile in /tmp", "IIII", "import tempfile; tempfile.mkstemp(dir='/tmp')")
add("logging to a file", "RRRR", "import logging; logging.FileHandler(D['new'])")
add("sqlite3", "RRRR", "import sqlite3; sqlite3.connect(D['new'])", needs=("_sqlite3",))
add(
    "sqlite3, a URI",
    "RRRR",
    "import sqlite3; sqlite3.connect('file:' + D['new'] + '?mode=rwc', uri=True)",
    needs=("_sqlite3",),
)
add(
    "sqlite3, ATTACH",
    "CCCN",
    """
import sqlite3
base = sqlite3.connect(":memory:")
base.execute("attach ? as way", (D["new"],)); base.execute("create table way.t (x)")
""",
    needs=("_sqlite3",),
)
add("dbm.dumb", "RRRR", "import dbm.dumb; dbm.dumb.open(D['new'], 'n')")
add("dbm.gnu", "CCCN", "import dbm.gnu; dbm.gnu.open(D['new'], 'n')", needs=("_gdbm",))
add(
    "dbm.ndbm", "CCCN", "import dbm.ndbm; dbm.ndbm.open(D['folder'] + '/new', 'n')", needs=("_dbm",)
)
add(
    "readline's history",
    "CCCN",
    "import readline; readline.write_history_file(D['new'])",
    needs=("readline",),
)
add(
    "a key log of ssl",
    "RRRR",
    "import ssl\nssl.create_default_context().keylog_filename = D['new']",
    needs=("_ssl",),
)
add(
    "a shared map of a file opened for reading",
    "CCCC",
    "import mmap\nfd = os.open(D['beside'], os.O_RDONLY)\n"
    "mmap.mmap(fd, 4, mmap.MAP_SHARED, 3)[:4] = b'hack'",
)
add(
    "POSIX shared memory",
    "CCCN",
    "import _posixshmem; _posixshmem.shm_open(D['shm'], os.O_CREAT | os.O_RDWR, mode=0o600)",
    needs=("_posixshmem",),
)
add("writing to every descriptor", "CCCC", """
for fd in range(3, 256):
    if fd != D["wire"]():
        try: os.write(fd, b"x")
        except OSError: pass
""")  # fmt: skip
add("openat by number", "CCCN", "native('openat', -100, D['new'].encode(), 0o101, 0o600)")
add(
    "openat through a link, by number",
    "CCCN",
    "os.symlink(D['folder'], 'link'); native('openat', -100, b'link/new', 0o101, 0o600)",
)
add(
    "openat through /proc/<host>/root, by number",
    "CCCN",
    "native('openat', -100, b'/proc/%d/root%s' % (D['host'], D['new'].encode()), 0o101, 0o600)",
)
add("unlinkat by number", "CCCN", "native('unlinkat', -100, D['beside'].encode(), 0)")
add("truncate by number", "CCCN", "native('truncate', D['beside'].encode(), 0)")
add("mkdirat by number", "CCCN", "native('mkdirat', -100, D['new'].encode(), 0o700)")
add(
    "renameat by number",
    "CCCN",
    "old, new = D['beside'].encode(), D['new'].encode()\n"
    "native('renameat2', -100, old, -100, new, 0)",
)
add("fchmodat by number", "CNCN", "native('fchmodat', -100, D['beside'].encode(), 0)")
add(
    "utimensat by number",
    "CNCN",
    "times = (ctypes.c_int64 * 4)(1, 0, 1, 0)\n"
    "native('utimensat', -100, D['beside'].encode(), ctypes.byref(times), 0)",
)
add(
    "memory of the interpreter, by number",
    "CCCC",
    "native('openat', -100, b'/proc/self/mem', 2, 0)",
)
add(
    "a device, by number",
    "RRC-",
    "native('mknodat', -100, b'device', 0o60600, 254 << 8); out('a device')",
)
add(
    "/proc/sysrq-trigger, by number",
    "CCC-",
    "native('openat', -100, b'/proc/sysrq-trigger', 1, 0); out('sysrq')",
)
add(
    "/proc/sys, by number",
    "CCC-",
    "native('openat', -100, b'/proc/sys/kernel/hostname', 1, 0); out('sysctl')",
)
add(
    "a disk, by number", "CCC-", "native('openat', -100, D['disk'].encode(), 2, 0); out('the disk')"
)
add("reading in the home", "CNCN", "out(open(D['secret']).read())")
add("reading /etc", "NNNN", "out(open('/etc/passwd').read()[:20])")
add("listing the home", "CNCN", "out(os.listdir(D['folder']))")
