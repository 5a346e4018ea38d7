"""Signals to processes that are not the simulation's."""

from __future__ import annotations

from tests.guest.hostile.ways import Group

GROUP = Group("signals")
add = GROUP.add

for kind in ("group", "orphan", "session"):
    add(f"posix.kill of a decoy ({kind})", "RRRR", f"posix.kill(D['{kind}'], 9)")
    add(f"kill of a decoy by number ({kind})", "RRCN", f"native('kill', D['{kind}'], 9)")
add("os.kill of a decoy", "IIII", "os.kill(D['session'], 9)")
add("os.kill(1)", "IIII", "os.kill(1, 9)")
add("posix.kill(1)", "RRRR", "posix.kill(1, 0)")
add("posix.kill(-1)", "RRRR", "posix.kill(-1, 0)")
add("os.killpg of a decoy", "IIII", "os.killpg(D['session'], 9)")
add("posix.killpg of a decoy", "RRRR", "posix.killpg(D['session'], 9)")
# Only where a pid namespace keeps it in: everything of this user would be gone.
add("kill(-1) by number", "R-C-", "assert posix.getpid() <= 2\nnative('kill', -1, 9)")
add("killpg by number", "RRCN", "native('kill', -D['session'], 9)")
add("tgkill by number", "RRCN", "native('tgkill', D['session'], D['session'], 9)")
add("tkill by number", "RRCN", "native('tkill', D['session'], 9)")
add(
    "rt_sigqueueinfo by number",
    "RRCN",
    "info = (ctypes.c_int * 32)(9, 0, -1)\n"
    "native('rt_sigqueueinfo', D['session'], 9, ctypes.byref(info))",
)
add("os.pidfd_open", "RRRR", "os.pidfd_open(D['session'])")
add("posix.pidfd_open", "RRRR", "posix.pidfd_open(D['session'])")
add("signal.pidfd_send_signal", "RRRR", "import signal; signal.pidfd_send_signal(0, 9)")
add(
    "a pidfd by number",
    "RRCN",
    "native('pidfd_send_signal', native('pidfd_open', D['session'], 0), 9, None, 0)",
)
add("the host's own process, by number", "RRCN", "native('kill', D['host'], 0); out('the host')")
add(
    "the parent's pid, inherited",
    "CRCN",
    """
pid = posix.getppid()
assert pid > 1, "another namespace"
native("kill", pid, 0); out("the parent")
""",
)
add("signal.pthread_kill", "IIII", "import signal, _thread; signal.pthread_kill(1, 15)")
OWNED = """
import fcntl
r, w = posix.pipe()
{how}(r, 8, D["session"]); {how}(r, 10, 9); {how}(r, 4, 0o20000)
os.write(w, b"x"); settle()
"""
add("fcntl F_SETOWN and F_SETSIG", "IIII", OWNED.format(how="fcntl.fcntl"))
add(
    "F_SETOWN and F_SETSIG by number",
    "RRCN",
    "call = lambda *given: native('fcntl', *given)" + OWNED.format(how="call"),
)
add(
    "typing into the terminal of the host",
    "IIII",
    """
import fcntl
fd = os.open("/dev/tty", os.O_RDWR)
fcntl.ioctl(fd, 0x5412, b"x"); out("a terminal")
""",
)
add("prctl: outliving the host", "RRCC", "native('prctl', 1, 0, 0, 0, 0)")
