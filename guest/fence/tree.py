"""The tree of files that a walled guest sees: programs and libraries, read-only, and its root.

What programs are made of is shown where the machine has it (/usr, /etc, /opt, the folders of the
interpreter). What belongs to people and to services is not there at all: homes, /tmp, /run, /var,
/sys, other devices; with the path of a Unix socket goes the way to it. Read from mount(2),
mount_setattr(2), pivot_root(2), proc(5) and bubblewrap's own order of things.
"""

from __future__ import annotations

import ctypes
import os
from os import path as paths

from guest.fence.kernel import check
from guest.fence.kernel import libc

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
MS_MOVE, MS_REC, MS_PRIVATE = 8192, 16384, 1 << 18
LOCKED = 0xF | 1024 | 2048
"""Flags that only their owner may take from a mount: nosuid, nodev, noexec, noatime ..."""
MNT_DETACH = 2
SYS_MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE = 442, -100, 0x8000
ATTR_RDONLY, ATTR_NOSUID = 1, 2
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

# fmt: off
PRIVATE = frozenset((
    "boot", "dev", "home", "lost+found", "media", "mnt",
    "proc", "root", "run", "sys", "tmp", "var",
))
# fmt: on
DEVICES = ("full", "null", "random", "tty", "urandom", "zero")
STREAMS = (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2"))
SCRATCH = ("/tmp", "/dev/shm")
SCRATCH_OPTIONS = b"mode=1777,size=256m"
PROC_OPTIONS = (b"hidepid=invisible,subset=pid", b"hidepid=2", None)
BASES = ("/tmp", "/mnt", "/run", "/var")


class Plan:
    """What is shown: *top* of the machine, *kept* folders at their own places, *links* at the top.

    *at* is where the root is shown. What lies in a folder that is private needs to be kept.
    """

    def __init__(self, at, kept):
        hidden = PRIVATE | {at.split("/")[1]}
        self.at = at
        self.top, self.links = [], []
        for name in sorted(os.listdir("/")):
            if name in hidden:
                continue
            if paths.islink(f"/{name}"):
                self.links.append((name, os.readlink(f"/{name}")))
            elif paths.isdir(f"/{name}"):
                self.top.append(f"/{name}")
        self.kept = _outermost(each for each in kept if each.split("/")[1] in hidden)
        for each in self.kept:
            if each == at or each.startswith(f"{at}/"):
                raise OSError(f"{each} lies below {at}, where a guest sees its own root")


def _outermost(folders):
    found = []
    for each in sorted(set(folders)):
        if not any(each == outer or each.startswith(f"{outer}/") for outer in found):
            found.append(each)
    return found


def homes(program):
    """Return the folders that the interpreter at *program* is made of, every link on the way."""
    found = []
    while True:
        folder = paths.dirname(paths.dirname(paths.abspath(program)))
        found.append(folder)
        found += _venv_home(folder)
        if not paths.islink(program):
            break
        program = paths.join(paths.dirname(program), os.readlink(program))
    found.append(paths.dirname(paths.dirname(paths.realpath(program))))
    return [each for each in found if each != "/"]


def _venv_home(folder):
    try:
        with open(f"{folder}/pyvenv.cfg", encoding="utf-8") as source:
            lines = [line.partition("=") for line in source]
    except OSError:
        return []
    return [paths.dirname(value.strip()) for name, _, value in lines if name.strip() == "home"]


def mount(source, target, flags, *, kind=None, options=None):
    """Call mount(2); raises OSError."""
    check(
        libc.mount(
            source.encode() if source else None,
            target.encode(),
            kind,
            ctypes.c_ulong(flags),
            options,
        ),
        f"mount {target}",
    )


def build(plan, root, shown):
    """Enter the tree of *plan*, with the opened folder *root* and *shown* (name, folder) in it.

    Returns which of the wishes for /proc was granted, as an index of PROC_OPTIONS or None.
    """
    kept = [(each, os.open(each, os.O_PATH | os.O_CLOEXEC)) for each in plan.kept]
    mount(None, "/", MS_REC | MS_PRIVATE)
    base = next(each for each in BASES if paths.isdir(each))
    mount("tmpfs", base, MS_NOSUID | MS_NODEV, kind=b"tmpfs", options=b"mode=755,size=1m")
    for name, target in plan.links:
        os.symlink(target, f"{base}/{name}")
    for each in plan.top:
        _bind(each, base + each)
    _make_devices(base)
    for each in SCRATCH:
        os.makedirs(base + each)
        mount("tmpfs", base + each, MS_NOSUID | MS_NODEV, kind=b"tmpfs", options=SCRATCH_OPTIONS)
    # After the scratch places: an interpreter may live in one of them.
    for each, opened in kept:
        _bind(f"/proc/self/fd/{opened}", base + each)
    granted = _make_proc(f"{base}/proc")
    _bind(f"/proc/self/fd/{root}", base + plan.at)
    for name, opened in shown:
        _bind(f"/proc/self/fd/{opened}", f"{base}{plan.at}/{name}")
    _enter(base)
    _close_to_writing(plan, shown)
    return granted


def _bind(source, target):
    if not paths.lexists(target):
        os.makedirs(target)
    mount(source, target, MS_BIND | MS_REC)


def _make_devices(base):
    os.mkdir(f"{base}/dev")
    for name in filter(lambda each: paths.exists(f"/dev/{each}"), DEVICES):
        target = f"{base}/dev/{name}"
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o666))
        mount(f"/dev/{name}", target, MS_BIND)
    for name, number in STREAMS:
        os.symlink(f"/proc/self/fd{number}", f"{base}/dev/{name}")


def _make_proc(target):
    """Give the new pid namespace a /proc of its own, or none: the old one shows strangers."""
    os.mkdir(target)
    for index, options in enumerate(PROC_OPTIONS):
        try:
            mount("proc", target, MS_NOSUID | MS_NODEV | MS_NOEXEC, kind=b"proc", options=options)
        except OSError:
            continue
        return index
    return None


def _enter(base):
    """Make *base* the root of everything, and let go of the old one."""
    os.chdir(base)
    call = SYS_PIVOT_ROOT.get(os.uname().machine)
    if call is not None and libc.syscall(call, b".", b".") == 0:
        check(libc.umount2(b".", MNT_DETACH), "umount2")
    else:  # The root of a machine that runs from its initramfs cannot be exchanged.
        mount(".", "/", MS_MOVE)
        os.chroot(".")
    os.chdir("/")


def _close_to_writing(plan, shown):
    """Make all that is shown read-only, but for the root and the scratch places."""
    if _set_attributes("/", ATTR_RDONLY | ATTR_NOSUID, 0, recursive=True):
        for each in (plan.at, *SCRATCH):
            check(_set_attributes(each, 0, ATTR_RDONLY, recursive=False) - 1, f"open {each}")
    else:
        inner = [f"{plan.at}/{name}" for name, _ in shown]
        for each in [*plan.top, *plan.kept, *inner, "/"]:
            _remount_read_only(each)


def _set_attributes(path, wanted, unwanted, *, recursive):
    # Since Linux 5.12; the only way to reach what is mounted below.
    attributes = (ctypes.c_uint64 * 4)(wanted, unwanted, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    done = libc.syscall(
        SYS_MOUNT_SETATTR, AT_FDCWD, path.encode(), flags, ctypes.byref(attributes), 32
    )
    return done == 0


def _remount_read_only(path):
    locked = os.statvfs(path).f_flag & LOCKED & ~MS_RDONLY
    mount(None, path, MS_REMOUNT | MS_BIND | MS_RDONLY | locked)
