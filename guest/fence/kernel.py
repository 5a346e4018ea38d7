"""System calls that the standard library has no name for, through ctypes.

Imported by the walls, which run as a program of their own, and by the guest before its fence
stands. Linux only; read from prctl(2), capset(2), personality(2), setrlimit(2).
"""

from __future__ import annotations

import ctypes
import os

PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 24, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
NO_RANDOMIZE = 0x0040000
ASK_PERSONALITY = 0xFFFFFFFF
CAPABILITY_VERSION_3 = 0x20080522
CAPABILITIES_MAX = 64
RLIMIT_CORE = 4
SIGKILL = 9
SYS_CAPGET_CAPSET = {"x86_64": (125, 126), "aarch64": (90, 91)}

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    """Raise OSError when a call of libc failed."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option, argument=0):
    """Call prctl(2); tell whether the kernel did it."""
    zero = ctypes.c_ulong(0)
    return libc.prctl(option, ctypes.c_ulong(argument), zero, zero, zero) == 0


def die_with_parent():
    """Have this process killed when its parent ends, however that comes."""
    prctl(PR_SET_PDEATHSIG, SIGKILL)


def gain_nothing():
    """Give up gaining privileges by exec, for good; tell whether the kernel did it."""
    return prctl(PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities():
    """Give up every capability, for good, and leave none for a program to start with."""
    for number in range(CAPABILITIES_MAX):
        if not prctl(PR_CAPBSET_DROP, number):
            break
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    _capabilities(1, (ctypes.c_uint32 * 6)())


def has_capabilities():
    """Tell whether this process may do anything that an ordinary one may not."""
    held = (ctypes.c_uint32 * 6)()
    _capabilities(0, held)
    return any(held)


def _capabilities(which, sets):
    """Call capget(2) or capset(2), which have the same arguments, with *sets*."""
    numbers = SYS_CAPGET_CAPSET.get(os.uname().machine)
    if numbers is not None:
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        libc.syscall(numbers[which], ctypes.byref(header), ctypes.byref(sets))


def leave_no_core():
    """Let no memory of this process end in a file, wherever the machine would put it."""
    libc.setrlimit(RLIMIT_CORE, ctypes.byref((ctypes.c_ulong * 2)(0, 0)))


def stop_randomizing():
    """Turn address randomisation off for what is started next; some containers refuse."""
    libc.personality(ctypes.c_ulong(NO_RANDOMIZE))


def randomizes():
    """Tell whether programs that are started from here have their addresses randomised."""
    return not libc.personality(ctypes.c_ulong(ASK_PERSONALITY)) & NO_RANDOMIZE
