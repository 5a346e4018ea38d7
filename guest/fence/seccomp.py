"""A filter of system calls: what native code cannot talk its way around.

Two filters. OUTER holds from before the interpreter starts and fails what would take the walls
down (EPERM). INNER is put up by the guest itself, once all is in place: from then on it starts no
process, signals none and opens no socket; a call that does ends in SIGSYS, whose handler tells
the host. It needs no privilege and no namespace, so that it stands on every Linux. Arguments that
are pointers cannot be looked at: paths are the business of the walls and of Landlock.

x86_64 and aarch64; on another machine there is no filter. Read from seccomp(2),
linux/filter.h and the tables of system calls of Linux 6.1.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from guest.fence import kernel

ALLOW, TRAP, ERRNO, KILL = 0x7FFF0000, 0x00030000, 0x00050000, 0x80000000
LOAD, EQUAL, AT_LEAST, BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
SET_MODE_FILTER, SPEC_ALLOW = 1, 4
X32 = 0x40000000

# machine -> (audit architecture, column of NUMBERS)
MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

# fmt: off
NUMBERS = {
    "seccomp": (317, 277), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "process_madvise": (440, 440), "kcmp": (312, 272),
    "process_mrelease": (448, 448), "perf_event_open": (298, 241), "bpf": (321, 280),
    "userfaultfd": (323, 282), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "move_mount": (429, 429), "open_tree": (428, 428),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "unshare": (272, 97),
    "setns": (308, 268), "chroot": (161, 51), "swapon": (167, 224), "swapoff": (168, 225),
    "reboot": (169, 142), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "acct": (163, 89), "syslog": (103, 116),
    "iopl": (172, None), "ioperm": (173, None), "open_by_handle_at": (304, 265),
    "lookup_dcookie": (212, 18), "fanotify_init": (300, 262), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
    "sethostname": (170, 161), "setdomainname": (171, 162), "vhangup": (153, 58),
    "migrate_pages": (256, 238), "move_pages": (279, 239), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "fork": (57, None),
    "vfork": (58, None), "clone": (56, 220), "clone3": (435, 435), "execve": (59, 221),
    "execveat": (322, 281), "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438), "socket": (41, 198),
    "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211),
    "sendmmsg": (307, 269), "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186),
    "semget": (64, 190), "mq_open": (240, 180), "prlimit64": (302, 261),
    "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "fcntl": (72, 25), "ioctl": (16, 29), "prctl": (157, 167),
    "personality": (135, 92), "mknod": (133, None), "mknodat": (259, 33),
}

# What no program of a pilot has any business with, and what could take a wall down.
KERNEL = (
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease",
    "kcmp", "perf_event_open", "bpf", "userfaultfd", "keyctl", "add_key", "request_key", "mount",
    "umount2", "pivot_root", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick",
    "mount_setattr", "unshare", "setns", "chroot", "swapon", "swapoff", "reboot", "kexec_load",
    "kexec_file_load", "init_module", "finit_module", "delete_module", "quotactl", "quotactl_fd",
    "acct", "syslog", "iopl", "ioperm", "open_by_handle_at", "lookup_dcookie", "fanotify_init",
    "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "sethostname", "setdomainname",
    "vhangup", "migrate_pages", "move_pages",
)
PROCESSES = ("fork", "vfork", "execve", "execveat")
SIGNALS = (
    "kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_send_signal",
    "pidfd_getfd",
)
NETWORK = ("connect", "bind", "listen", "accept", "accept4", "sendmsg", "sendmmsg")
MEMORY = ("shmget", "shmat", "msgget", "semget", "mq_open")
# Allowed for the calling process, whose pid comes first, and for no other.
OWN = ("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr")
# fmt: on
# A ring does what its owner asks without a system call: no filter sees it. Programs that know
# of rings do without where the kernel has none.
ABSENT = ("io_uring_setup", "io_uring_enter", "io_uring_register")

CLONE_THREAD = 0x00010000
CLONE_NEW = 0x7E020080
# The flags of fork(): SIGCHLD, and that the kernel keeps the thread's id where C looks for it.
FORK_FLAGS = (0x11, 0x01200011)
WORD_AT = 2
"""The argument of clone that says the word: where nothing is to be stored, nobody looks at it."""
AF_UNIX = 1
F_SETOWN, F_SETSIG, F_SETOWN_EX = 8, 10, 15
FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCLINUX = 0x8901, 0x8902, 0x5412, 0x541C
PRIO_PROCESS, IOPRIO_WHO_PROCESS = 0, 1
# The kinds of file of which opening one may block, or reach the machine: S_IFIFO, S_IFCHR, S_IFBLK.
SPECIAL = 0o030000


def machine():
    """Return (architecture, column of NUMBERS) of this machine, or None."""
    return MACHINES.get(os.uname().machine)


class Rules:
    """Assembles the filter of one machine, rule by rule; what no rule names is allowed."""

    def __init__(self, architecture, column):
        self._column = column
        self.code = [
            (LOAD, 0, 0, ARCHITECTURE_AT),
            (EQUAL, 1, 0, architecture),
            (RETURN, 0, 0, KILL),
            (LOAD, 0, 0, NUMBER_AT),
        ]
        if column == 0:
            # The calls of the x32 ABI have numbers of their own.
            self.code += [(AT_LEAST, 0, 1, X32), (RETURN, 0, 0, ERRNO | errno.ENOSYS)]

    def refuse(self, names, action):
        """Answer the calls *names* with *action*, whatever their arguments."""
        for name in names:
            self._rule(name, [(RETURN, 0, 0, action)])

    def choose(self, name, argument, values, match, other):
        """Answer *name* with *match* if its *argument* is one of *values*, else with *other*."""
        count = len(values)
        tests = [(EQUAL, count - index, 0, value) for index, value in enumerate(values)]
        ends = [(RETURN, 0, 0, other), (RETURN, 0, 0, match)]
        self._rule(name, [(LOAD, 0, 0, _low(argument)), *tests, *ends])

    def only(self, name, arguments, action):
        """Allow *name* only if each of *arguments* (index, values) is one of its values."""
        body = []
        for argument, values in arguments:
            count = len(values)
            body.append((LOAD, 0, 0, _low(argument)))
            body += [(EQUAL, count - index, 0, value) for index, value in enumerate(values)]
            body.append((RETURN, 0, 0, action))
        self._rule(name, [*body, (RETURN, 0, 0, ALLOW)])

    def bits(self, name, argument, mask, found, missing):
        """Answer *name* with *found* if any bit of *mask* is set in *argument*, or *missing*."""
        body = [
            (LOAD, 0, 0, _low(argument)),
            (BITS, 0, 1, mask),
            (RETURN, 0, 0, found),
            (RETURN, 0, 0, missing),
        ]
        self._rule(name, body)

    def copies(self, word, action):
        """Allow ``clone`` to make threads, and processes to whoever says *word* (32 bits)."""
        body = [
            (LOAD, 0, 0, _low(0)),
            (BITS, 5, 0, CLONE_THREAD),
            (EQUAL, 1, 0, FORK_FLAGS[0]),
            (EQUAL, 0, 2, FORK_FLAGS[1]),
            (LOAD, 0, 0, _low(WORD_AT)),
            (EQUAL, 1, 0, word),
            (RETURN, 0, 0, action),
            (RETURN, 0, 0, ALLOW),
        ]
        self._rule("clone", body)

    def unset(self, name, argument, action):
        """Allow the call *name* only if the pointer *argument* is null."""
        body = [
            (LOAD, 0, 0, _low(argument)),
            (EQUAL, 0, 2, 0),
            (LOAD, 0, 0, _low(argument) + 4),
            (EQUAL, 1, 0, 0),
            (RETURN, 0, 0, action),
            (RETURN, 0, 0, ALLOW),
        ]
        self._rule(name, body)

    def assembled(self):
        """Return the program as the kernel takes it."""
        code = [*self.code, (RETURN, 0, 0, ALLOW)]
        return b"".join(struct.pack("=HBBI", *each) for each in code)

    def _rule(self, name, body):
        number = NUMBERS[name][self._column]
        if number is not None:
            self.code += [(EQUAL, 0, len(body), number), *body]


def _low(argument):
    # Both machines are little-endian: the low half of a 64-bit argument comes first.
    return ARGUMENTS_AT + 8 * argument


def outer():
    """Return the filter that holds from before the interpreter starts, or None."""
    found = machine()
    if found is None:
        return None
    rules = Rules(*found)
    denied = ERRNO | errno.EPERM
    rules.refuse(KERNEL, denied)
    rules.refuse(ABSENT, ERRNO | errno.ENOSYS)
    rules.bits("clone", 0, CLONE_NEW, denied, ALLOW)
    # Its flags are behind a pointer; the C library falls back to clone.
    rules.refuse(("clone3",), ERRNO | errno.ENOSYS)
    return rules.assembled()


def inner(pid, word=0):
    """Return the filter of a guest whose real process is *pid*, or None.

    With a *word*, a process can be made by whoever says it (guest/processes/copying.py).
    """
    found = machine()
    if found is None:
        return None
    rules = Rules(*found)
    rules.refuse((*KERNEL, *PROCESSES, *SIGNALS, *NETWORK, *MEMORY), TRAP)
    rules.refuse((*ABSENT, "clone3"), ERRNO | errno.ENOSYS)
    if word:
        rules.copies(word, TRAP)
    else:
        rules.bits("clone", 0, CLONE_THREAD, ALLOW, TRAP)
    rules.only("tgkill", ((0, (pid,)),), TRAP)
    for name in OWN:
        rules.only(name, ((0, (0, pid)),), TRAP)
    rules.only("setpriority", ((0, (PRIO_PROCESS,)), (1, (0, pid))), TRAP)
    rules.only("ioprio_set", ((0, (IOPRIO_WHO_PROCESS,)), (1, (0, pid))), TRAP)
    # The C library itself tries a Unix socket here and there (nscd, syslog), unasked.
    rules.choose("socket", 0, (AF_UNIX,), ERRNO | errno.EACCES, TRAP)
    rules.only("socketpair", ((0, (AF_UNIX,)),), TRAP)
    rules.unset("sendto", 4, TRAP)
    rules.choose("fcntl", 1, (F_SETOWN, F_SETSIG, F_SETOWN_EX), TRAP, ALLOW)
    rules.choose("ioctl", 1, (FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCLINUX), TRAP, ALLOW)
    rules.choose("prctl", 0, (kernel.PR_SET_PDEATHSIG,), TRAP, ALLOW)
    rules.bits("mknod", 1, SPECIAL, TRAP, ALLOW)
    rules.bits("mknodat", 2, SPECIAL, TRAP, ALLOW)
    rules.only("personality", ((0, (kernel.ASK_PERSONALITY,)),), TRAP)
    return rules.assembled()


def put_up(program):
    """Give the calling process the filter *program*, for good; tell whether it stands."""
    if program is None or not kernel.gain_nothing():
        return False

    class Program(ctypes.Structure):
        _fields_ = (("count", ctypes.c_ushort), ("code", ctypes.c_char_p))

    given = Program(len(program) // 8, program)
    call = NUMBERS["seccomp"][machine()[1]]
    # Without SPEC_ALLOW older kernels slow the whole process down.
    for flags in (SPEC_ALLOW, 0):
        if kernel.libc.syscall(call, SET_MODE_FILTER, flags, ctypes.byref(given)) == 0:
            return True
    return False
