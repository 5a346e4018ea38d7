"""Limits, priorities, and what only an administrator does."""

from __future__ import annotations

from tests.guest.hostile.ways import Group

GROUP = Group("resources")
add = GROUP.add

add("os.setpriority of a decoy", "RRRR", "os.setpriority(0, D['session'], 5)")
add("os.setpriority of a group", "RRRR", "os.setpriority(1, D['session'], 5)")
add("os.sched_setaffinity of a decoy", "RRRR", "os.sched_setaffinity(D['session'], {0})")
add(
    "resource.prlimit of a decoy",
    "RRRR",
    "import resource; resource.prlimit(D['session'], 4, (0, 0))",
)
add("setpriority by number", "RRCN", "native('setpriority', 0, D['session'], 5)")
add(
    "sched_setaffinity by number",
    "RRCN",
    "mask = (ctypes.c_uint64 * 16)(1)\n"
    "native('sched_setaffinity', D['session'], 128, ctypes.byref(mask))",
)
add(
    "prlimit64 by number",
    "RRCN",
    "limit = (ctypes.c_uint64 * 2)(0, 0)\n"
    "native('prlimit64', D['session'], 4, ctypes.byref(limit), None)",
)
add(
    "resource.setrlimit",
    "CCCC",
    "import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
)
add("os.nice", "CCCC", "os.nice(5)")
add("os.chroot", "RRRR", "os.chroot('/srv')")
add("os.unshare", "RRRR", "os.unshare(0x10000000)", since=(3, 12))
add("os.setns", "RRRR", "os.setns(0, 0)", since=(3, 12))
add("unshare by number", "RRCC", "native('unshare', 0x10000000)")
add("setns by number", "RRCC", "native('setns', 0, 0)")
add("chroot by number", "RRCC", "native('chroot', b'/nowhere')")
add("mount by number", "RRC-", "native('mount', b'none', D['folder'].encode(), b'tmpfs', 0, None)")
add("umount2 by number", "RRC-", "native('umount2', b'/srv', 2)")
add("pivot_root by number", "RRCC", "native('pivot_root', b'/nowhere', b'/nowhere')")
add("ptrace by number", "RRCN", "native('ptrace', 0x4206, D['session'], 0, 0); out('a decoy')")
READ = """
here = (ctypes.c_uint64 * 1)()
local = (ctypes.c_uint64 * 2)(ctypes.addressof(here), 8)
remote = (ctypes.c_uint64 * 2)(16, 8)
try: native("process_vm_readv", D["session"], local, 1, remote, 1, 0)
except OSError as error:
    if error.errno != 14: raise  # EFAULT: the address is wrong, the right is there
    out("the memory of a decoy")
"""
add("process_vm_readv by number", "RRCN", READ)
add("bpf by number", "RRCC", "native('bpf', -1, None, 0)")
add("userfaultfd by number", "RRCC", "native('userfaultfd', -1)")
add("perf_event_open by number", "RRCC", "native('perf_event_open', None, 0, -1, -1, 0)")
add("keyctl by number", "RRC-", "native('keyctl', 0, -3, 0, 0, 0); out('the keys of the session')")
add("open_by_handle_at by number", "RRCC", "native('open_by_handle_at', -100, b'\\0' * 16, 0)")
add("init_module by number", "RRCC", "native('init_module', b'', 0, b'')")
add("kexec_load by number", "RRCC", "native('kexec_load', 0, 99, None, -1)")
add("reboot by number", "RRCC", "native('reboot', 0, 0, 0, None)")
add("clock_settime by number", "RRCC", "native('clock_settime', 1, (ctypes.c_int64 * 2)())")
add("sethostname by number", "RRC-", "native('sethostname', b'way', 3)")
add("iopl by number", "RRC-", "native('iopl', 3)")
add("System V shared memory", "RRCN", "native('shmget', D['key'], 0, 0); out('shared memory')")
add("personality by number", "RRCC", "native('personality', 0)")
