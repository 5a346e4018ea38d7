"""Everything random in the guest, from one seed."""

from __future__ import annotations

import os
from io import BufferedReader
from io import RawIOBase
from io import TextIOWrapper

DEVICES = frozenset(("/dev/random", "/dev/urandom"))


class Entropy:
    """A stream of bytes in place of the kernel's."""

    def __init__(self, seed):
        import _random

        self._seed = seed
        self._stream = _random.Random()
        self.begin(seed)

    def begin(self, seed):
        """Begin a stream anew."""
        # Only seeding with a number is the same on every interpreter at this level.
        self._stream.seed(int.from_bytes(f"{seed}/entropy".encode(), "big"))

    def part(self, pid):
        """Take another stream than the process that this one, *pid*, was forked from."""
        self._seed = f"{self._seed}/{pid}"
        self.begin(self._seed)

    def urandom(self, size):
        """Stand for ``os.urandom``."""
        if size < 0:
            raise ValueError("negative argument not allowed")
        return self._stream.getrandbits(size * 8).to_bytes(size, "big") if size else b""

    def getrandom(self, size, flags=0):
        """Stand for ``os.getrandom``."""
        return self.urandom(size)


def install_urandom(seed):
    """Replace ``os.urandom`` (secrets, uuid4, SystemRandom) before ``random`` is imported.

    Returns what stands behind it.
    """
    entropy = Entropy(seed)
    os.urandom = entropy.urandom
    if hasattr(os, "getrandom"):
        os.getrandom = entropy.getrandom
    return entropy


def install_random():
    """Seed what would take its seed from the kernel: ``random`` and node ids of ``uuid``."""
    import random
    import uuid

    true_seed = random.Random.seed

    def seed(self, a=None, version=2):
        if a is None:
            a = int.from_bytes(os.urandom(16), "big")
        true_seed(self, a, version)

    random.Random.seed = seed
    random._inst.seed()
    random.seed = random._inst.seed
    uuid._generate_time_safe = None
    uuid._UuidCreate = None
    uuid._node = 0x02_42_0A_00_00_02
    uuid.getnode = lambda: uuid._node


class Device(RawIOBase):
    """``/dev/urandom``, as a file without an end."""

    def readable(self):
        return True

    def readinto(self, target):
        target[:] = os.urandom(len(target))
        return len(target)


def open_device(mode, buffering=-1):
    """Return what ``open("/dev/urandom", mode)`` gives."""
    raw = Device()
    if "b" not in mode:
        return TextIOWrapper(raw, encoding="utf-8")
    return raw if buffering == 0 else BufferedReader(raw)
