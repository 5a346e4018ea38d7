"""The second wall: namespaces of the kernel around a guest, where they may be had.

Run as a program, before the guest:

    walls.py ROOT AT [NAME=FOLDER...] [FOLDER...] -- COMMAND...
    walls.py --bwrap BWRAP ROOT AT [NAME=FOLDER...] [FOLDER...] -- COMMAND...
    walls.py --here -- COMMAND...
    walls.py --probe ROOT AT [BWRAP]

The first makes private mount, network, pid, ipc and uts namespaces, shows the folder ROOT at the
constant path AT, each NAME=FOLDER, read-only, as NAME in it, each FOLDER, read-only, at its own
place, with what programs need (see tree.py); it gives up all capabilities, puts up a filter of
system calls, turns address randomisation off and runs COMMAND as their first process. The second
has bubblewrap make the namespaces, where an ordinary user may not. The third makes none of them,
and does the rest. The last prints which walls this machine gives, as JSON.
Linux only; read from unshare(2), user_namespaces(7), pid_namespaces(7).
"""

from __future__ import annotations

import os
import sys

# A program that has to find its own package first.
sys.path.append(__file__.rpartition("/guest/")[0])

from guest.fence import kernel
from guest.fence import seccomp
from guest.fence import tree

NEWNS, NEWUTS, NEWIPC, NEWUSER = 0x00020000, 0x04000000, 0x08000000, 0x10000000
NEWPID, NEWNET = 0x20000000, 0x40000000
SPACES = NEWNS | NEWUTS | NEWIPC | NEWPID | NEWNET
HOSTNAME = "node"


def isolate():
    """Enter new namespaces; without privileges, by way of a user namespace."""
    uid, gid = os.getuid(), os.getgid()
    if kernel.libc.unshare(SPACES) == 0:
        return
    kernel.check(kernel.libc.unshare(NEWUSER | SPACES), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as target:
            target.write(text)


def run(root, at, shown, kept, command):
    """Stand the walls and run *command* inside; return its wait status."""
    isolate()
    child = os.fork()
    if child == 0:
        enter(root, at, shown, kept, command)
        start(command)
    kernel.die_with_parent()
    return os.waitpid(child, 0)[1]


def enter(root, at, shown, kept, command):
    """Go inside, in the first process of the new pid namespace."""
    os.setsid()
    kernel.libc.sethostname(HOSTNAME.encode(), len(HOSTNAME))
    # Opened here: a mount of another namespace cannot be bound, a path may be hidden soon.
    opened = os.open(root, os.O_PATH | os.O_CLOEXEC)
    folders = [(name, os.open(folder, os.O_PATH | os.O_CLOEXEC)) for name, folder in shown]
    tree.build(tree.Plan(at, [*kept, *tree.homes(command[0])]), opened, folders)
    os.chdir(at)


def start(command):
    """Give up what a guest has no business with, and become *command*."""
    kernel.leave_no_core()
    kernel.drop_capabilities()
    kernel.stop_randomizing()
    seccomp.put_up(seccomp.outer())
    kernel.die_with_parent()
    os.execv(command[0], command)


def main(arguments):
    """Do what the command line says; see above."""
    if arguments[0] in ("--probe", "--look"):
        from guest.fence import probe

        return probe.report(*arguments[1:]) if arguments[0] == "--probe" else probe.look()
    cut = arguments.index("--")
    words, command = arguments[:cut], arguments[cut + 1 :]
    if words == ["--here"]:
        start(command)
    bwrap = words[1] if words[0] == "--bwrap" else ""
    root, at, *folders = words[2:] if bwrap else words
    shown = [each.split("=", 1) for each in folders if not each.startswith("/")]
    kept = [each for each in folders if each.startswith("/")]
    if bwrap:
        from guest.fence import bubblewrap

        os.execv(bwrap, bubblewrap.command(bwrap, root, at, shown, kept, command))
    return os.waitstatus_to_exitcode(run(root, at, shown, kept, command)) & 0xFF


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
