"""A real copy of this interpreter: the system call below ``os.fork``, and a wire for the copy.

The filter of system calls lets a process be made only by whoever says a *word* that the host
gives out with each leave to fork, in an argument of clone(2) that the kernel does not look at.
So the C library's own fork() cannot be used; what it does besides is done here: CPython's part by
its public functions, the thread's id by the kernel. Read from CPython 3.9 to 3.13
Modules/posixmodule.c (os_fork_impl), glibc 2.36 sysdeps/unix/sysv/linux/arch-fork.h, clone(2),
recvmsg(2).
"""

from __future__ import annotations

import ctypes
import os
from _signal import SIG_IGN
from _signal import SIGCHLD
from _signal import signal as real_signal
from posix import _exit as leave_process
from posix import close

from guest.fence import kernel
from guest.fence import seccomp
from guest.wire import HostLost
from guest.wire import Wire

PR_GET_TID_ADDRESS = 40
CONTROL_ROOM = 64
FD_AT = 16
"""Where the number stands in a control message of one descriptor, after its header (64 bit)."""


class Buffer(ctypes.Structure):
    """struct iovec."""

    _fields_ = (("base", ctypes.c_void_p), ("size", ctypes.c_size_t))


class Message(ctypes.Structure):
    """struct msghdr."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_size", ctypes.c_uint),
        ("buffers", ctypes.c_void_p),
        ("buffers_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_size", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class Copier:
    """Makes copies of this process. Made before the fence stands: it refuses these look-ups."""

    def __init__(self):
        # With the GIL held, as os.fork() does: there is one real thread.
        libc, python = ctypes.PyDLL(None, use_errno=True), ctypes.pythonapi
        self._syscall = libc.syscall
        self._recvmsg = libc.recvmsg
        self._before = python.PyOS_BeforeFork
        self.after_in_parent = python.PyOS_AfterFork_Parent
        self.after_in_child = python.PyOS_AfterFork_Child
        for each in (self._before, self.after_in_parent, self.after_in_child):
            each.restype = None
        self._byte = ctypes.create_string_buffer(1)
        self._control = ctypes.create_string_buffer(CONTROL_ROOM)
        self._buffer = Buffer(ctypes.addressof(self._byte), 1)
        self._message = Message()
        self._call = self._arguments()

    def _arguments(self):
        """Return the call without its word: number, flags, and where the thread's id stands."""
        found = seccomp.machine()
        number = seccomp.NUMBERS["clone"][found[1] if found else 0]
        address = ctypes.c_void_p()
        zero = ctypes.c_ulong(0)
        known = kernel.libc.prctl(PR_GET_TID_ADDRESS, ctypes.byref(address), zero, zero, zero) == 0
        last = (address.value, 0) if not found or found[1] == 0 else (0, address.value)
        if not known or not address.value:
            return number, seccomp.FORK_FLAGS[0], (0, 0)
        return number, seccomp.FORK_FLAGS[1], last

    def take_descriptor(self, wire):
        """Return the descriptor that the host has sent behind its last message."""
        message = self._message
        message.buffers, message.buffers_count = ctypes.addressof(self._buffer), 1
        message.control, message.control_size = ctypes.addressof(self._control), CONTROL_ROOM
        got = self._recvmsg(ctypes.c_int(wire.fd), ctypes.byref(message), ctypes.c_int(0))
        if got != 1 or message.control_size < FD_AT + 4:
            raise HostLost
        return int.from_bytes(self._control.raw[FD_AT : FD_AT + 4], "little")

    def copy(self, word):
        """Make the copy; return its real pid, 0 in the copy itself, or -1 if there is none."""
        # Copies are never waited for: their ends are the host's to tell.
        real_signal(SIGCHLD, SIG_IGN)
        number, flags, last = self._call
        words = [ctypes.c_ulong(each) for each in (flags, 0, word, *last)]
        self._before()
        return self._syscall(ctypes.c_long(number), *words)


class KinWire(Wire):
    """The wire of a copy: when the host closes it, that is the end, and nobody is told."""

    def _take(self, count):
        try:
            return super()._take(count)
        except HostLost:
            leave_process(0)

    def send(self, message):
        try:
            super().send(message)
        except OSError:
            leave_process(0)


def move(wire, number):
    """Put *wire* on the descriptor *number*, in a copy."""
    close(wire.fd)
    wire.fd = number
    wire.__class__ = KinWire


def keep(wire):
    """Stay, as long as the host does, for the sake of copies that would end with this process."""
    while os.readv(wire.fd, [bytearray(64)]):
        pass
