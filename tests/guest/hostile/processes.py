"""Starting processes outside of the simulation."""

from __future__ import annotations

from tests.guest.hostile.ways import Group

GROUP = Group("processes")
add = GROUP.add

add("os.fork", "IIII", "os.fork()")
add("posix.fork", "RRRR", "posix.fork()")
add("os.forkpty", "IIII", "os.forkpty()")
add("pty.fork", "IIII", "import pty; pty.fork()")
add("pty.spawn", "IIII", "import pty; pty.spawn(['/bin/true'])")
add("setsid and fork twice", "IIII", "os.setsid()\nif not os.fork(): os.fork()")
add("os.execv", "IIII", "os.execv('/bin/sh', ['sh', '-c', D['line']])")
add("posix.execv", "RRRR", "posix.execv('/bin/sh', ['sh', '-c', D['line']])")
add(
    "os.execve with LD_PRELOAD",
    "IIII",
    "os.execve('/bin/true', ['true'], {'LD_PRELOAD': '/srv/work/planted.so'})",
)
add("os.posix_spawn", "IIII", "os.posix_spawn('/bin/sh', ['sh', '-c', D['line']], {})")
add("posix.posix_spawn", "RRRR", "posix.posix_spawn('/bin/sh', ['sh', '-c', D['line']], {})")
add("os.spawnv", "IIII", "os.spawnv(os.P_NOWAIT, '/bin/sh', ['sh', '-c', D['line']])")
add("posix.system", "RRRR", "posix.system(D['line'])")
add("os.system", "IIII", "os.system(D['line'])")
add("os.popen", "IIII", "os.popen(D['line']).read()")
add(
    "a shell line with nohup",
    "IIII",
    "import subprocess; subprocess.run('nohup ' + D['line'] + ' &', shell=True)",
)
add(
    "a shell line with setsid",
    "IIII",
    "import subprocess; subprocess.run(['setsid', 'sh', '-c', D['line']])",
)
add(
    "LD_PRELOAD for a child",
    "IIII",
    "import subprocess; subprocess.run(['true'], env={'LD_PRELOAD': '/srv/work/planted.so'})",
)
add(
    "multiprocessing spawn",
    "IIII",
    """
import multiprocessing
context = multiprocessing.get_context("spawn")
child = context.Process(target=posix.getpid)
child.start(); child.join()
""",
)
add(
    "multiprocessing forkserver",
    "IIII",
    """
from multiprocessing import forkserver
forkserver.ensure_running()
""",
)
FORK_EXEC = """
import _posixsubprocess
r, w = posix.pipe()
new = sys.version_info >= (3, 11)
given = [["sh", "-c", D["line"]], [b"/bin/sh"], True, (w,), None, None, *(-1,) * 6, r, w]
given += [False, False, *[-1][:new], None, None, None, -1, None, *[True][:new]]
{function}(*given)
{wait}
"""
add(
    "_posixsubprocess.fork_exec",
    "RRRR",
    FORK_EXEC.format(function="_posixsubprocess.fork_exec", wait=""),
)
add(
    "fork_exec, dug out of its guard",
    "RRCN",
    FORK_EXEC.format(function="_posixsubprocess.fork_exec.real", wait="settle()"),
)
add(
    "memfd_create and exec",
    "IIII",
    """
fd = os.memfd_create("way")
os.write(fd, b"#!/bin/sh\\n" + D["line"].encode())
os.execv(f"/proc/self/fd/{fd}", ["way"])
""",
)
CHILD = """
if pid == 0:
    try: native("openat", -100, D["new"].encode(), os.O_CREAT | os.O_WRONLY, 0o600)
    except OSError: pass
    native("exit_group", 0)
settle()
"""
add("clone by number", "RRCN", "pid = native('clone', 17, 0, 0, 0, 0)" + CHILD)
add(
    "clone3 by number",
    "CCCN",
    "arguments = (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17, 0, 0, 0)\n"
    "pid = native('clone3', ctypes.byref(arguments), 64)" + CHILD,
)
# Without a filter the child would run on the stack of its parent: no way to anywhere.
add("vfork by number", "RR--", "native('vfork')")
EXEC = """
words = (ctypes.c_char_p * 4)(b"sh", b"-c", D["line"].encode(), None)
"""
add("execve by number", "RRCN", EXEC + "native('execve', b'/bin/sh', words, None)")
add(
    "execveat of a memfd",
    "RRCN",
    """
fd = os.memfd_create("way", 0)
os.write(fd, open("/bin/sh", "rb").read())
"""
    + EXEC
    + "native('execveat', fd, b'', words, None, 0x1000)",
)
add(
    "concurrent.futures of processes",
    "IIII",
    """
from concurrent.futures import ProcessPoolExecutor
pool = ProcessPoolExecutor(1)
try: pool.submit(posix.getpid)
finally: pool.shutdown(wait=False)
""",
)
