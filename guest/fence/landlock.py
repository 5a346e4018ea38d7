"""Landlock: a wall around files that a process may put up for itself, without any privilege.

Where no namespace shows the machine read-only, it keeps native code from writing outside of the
root. It knows files, not their owners, modes, times and attributes: those stay open to native
code. Read from landlock(7) of Linux 6.12 and linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import struct

from guest.fence import kernel

CREATE, ADD, RESTRICT = 444, 445, 446
VERSION, PATH_BENEATH = 1, 1
WRITE_FILE, TRUNCATE = 1 << 1, 1 << 14
# Removing and making of all kinds; bits 6 and 11 are devices, which nobody is allowed to make.
CHANGING = sum(1 << bit for bit in range(4, 14))
DEVICES = 1 << 6 | 1 << 11
NET_ALL, SCOPE_ALL = 0b11, 0b11
VERSION_MIN = 2
"""Version 1 forbids every rename from one folder to another: pilots could not work."""


def version():
    """Return which Landlock the kernel has, 0 for none."""
    return max(kernel.libc.syscall(CREATE, None, ctypes.c_size_t(0), VERSION), 0)


def put_up(root, devices):
    """Let this process, for good, write only below *root* and to *devices*; tell whether it holds.

    From version 4 on TCP is refused too, from version 6 on signals and abstract sockets.
    """
    found = version()
    if found < VERSION_MIN or not kernel.gain_nothing():
        return False
    files = WRITE_FILE | CHANGING | (TRUNCATE if found >= 3 else 0)
    attributes = struct.pack(
        "=QQQ", files, NET_ALL if found >= 4 else 0, SCOPE_ALL if found >= 6 else 0
    )
    size = 8 if found < 4 else 16 if found < 6 else 24
    rules = kernel.libc.syscall(CREATE, attributes, ctypes.c_size_t(size), 0)
    if rules < 0:
        return False
    _allow(rules, root, files & ~DEVICES)
    for device in devices:
        _allow(rules, device, files & (WRITE_FILE | TRUNCATE))
    held = kernel.libc.syscall(RESTRICT, rules, 0) == 0
    os.close(rules)
    return held


def _allow(rules, path, rights):
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    rule = struct.pack("=Qi", rights, opened)
    kernel.libc.syscall(ADD, rules, PATH_BENEATH, rule, 0)
    os.close(opened)
