"""The second wall: namespaces of the kernel around a guest, where they may be had.

Run as a program, before the guest: ``python walls.py ROOT AT [NAME=FOLDER...] -- COMMAND...``
makes private mount, network and pid namespaces, shows the folder ROOT at the constant path AT,
and each FOLDER, read-only, as NAME in it, makes all else read-only, turns address randomisation
off and runs COMMAND as their first process.
``python walls.py --probe ROOT AT`` prints which of them this machine gives, as JSON.
Linux only; read from unshare(2), mount(2), mount_setattr(2), personality(2).
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys

NEWNS, NEWUSER, NEWPID, NEWNET = 0x00020000, 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 32, 4096, 16384, 1 << 18
NO_RANDOMIZE = 0x0040000
SYS_MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, ATTR_RDONLY = 442, -100, 0x8000, 1
PR_SET_PDEATHSIG = 1

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    """Raise OSError when a call of libc failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def isolate():
    """Enter new namespaces; without privileges, by way of a user namespace."""
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(NEWNS | NEWPID | NEWNET) == 0:
        return
    check(libc.unshare(NEWUSER | NEWNS | NEWPID | NEWNET), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as target:
            target.write(text)


def show(root, at):
    """Show *root* at *at*, and make everything else read-only."""
    mount(None, "/", MS_REC | MS_PRIVATE)
    attributes = (ctypes.c_uint64 * 4)(ATTR_RDONLY, 0, 0, 0)
    folder = os.open(root, os.O_PATH)
    made = libc.syscall(
        SYS_MOUNT_SETATTR, AT_FDCWD, b"/", AT_RECURSIVE, ctypes.byref(attributes), 32
    )
    read_only = made == 0
    mount(f"/proc/self/fd/{folder}", at, MS_BIND)
    if read_only:
        writable = (ctypes.c_uint64 * 4)(0, ATTR_RDONLY, 0, 0)
        libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, at.encode(), 0, ctypes.byref(writable), 32)
    os.close(folder)
    return read_only


def mount(source, target, flags, kind=None):
    """Call mount(2)."""
    check(
        libc.mount(
            source.encode() if source else None, target.encode(), kind, ctypes.c_ulong(flags), None
        ),
        f"mount {target}",
    )


def show_in(at, folders):
    """Show each of *folders* (name, opened folder), which must exist below *at*, read-only."""
    for name, folder in folders:
        target = f"{at}/{name}"
        mount(f"/proc/self/fd/{folder}", target, MS_BIND)
        mount(None, target, MS_REMOUNT | MS_BIND | MS_RDONLY)
        os.close(folder)


def run(root, at, folders, command):
    """Stand the walls and run *command* inside; return its wait status."""
    isolate()
    child = os.fork()
    if child == 0:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        # Opened here: a mount of another namespace cannot be bound, a path may be hidden soon.
        opened = [(name, os.open(folder, os.O_PATH)) for name, folder in folders]
        show(root, at)
        show_in(at, opened)
        libc.mount(b"proc", b"/proc", b"proc", ctypes.c_ulong(0), None)  # denied in some containers
        libc.personality(NO_RANDOMIZE)
        os.chdir(at)
        os.execv(command[0], command)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    return os.waitpid(child, 0)[1]


def probe(root, at):
    """Return which walls stand on this machine."""
    found = {"namespaces": False, "read_only": False, "why": ""}
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            isolate()
            found["read_only"] = show(root, at)
            found["namespaces"] = True
        except OSError as error:
            found["why"] = str(error)
        os.write(writable, json.dumps(found).encode())
        os._exit(0)
    os.close(writable)
    os.waitpid(child, 0)
    return json.loads(os.read(readable, 1 << 16) or b"{}")


if __name__ == "__main__":
    if sys.argv[1] == "--probe":
        print(json.dumps(probe(sys.argv[2], sys.argv[3])))
    else:
        cut = sys.argv.index("--")
        shown = [each.split("=", 1) for each in sys.argv[3:cut]]
        status = run(sys.argv[1], sys.argv[2], shown, sys.argv[cut + 1 :])
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
