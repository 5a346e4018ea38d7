"""Everything random in the guest, from one seed; every listing in one order."""

from __future__ import annotations

import os


def install_urandom(seed):
    """Replace ``os.urandom`` (secrets, uuid4, SystemRandom) before ``random`` is imported."""
    import _random

    stream = _random.Random()
    # Only seeding with a number is the same on every interpreter at this level.
    stream.seed(int.from_bytes(f"{seed}/entropy".encode(), "big"))

    def urandom(size):
        return stream.getrandbits(size * 8).to_bytes(size, "big") if size else b""

    os.urandom = urandom
    if hasattr(os, "getrandom"):
        os.getrandom = lambda size, flags=0: urandom(size)


def install_random():
    """Seed what would take its seed from the kernel: ``random`` and node ids of ``uuid``."""
    import random
    import uuid

    seed_with = random.Random.seed

    def seed(self, a=None, version=2):
        if a is None:
            a = int.from_bytes(os.urandom(16), "big")
        seed_with(self, a, version)

    random.Random.seed = seed
    random._inst.seed()
    random.seed = random._inst.seed
    uuid._generate_time_safe = None
    uuid._UuidCreate = None
    uuid._node = 0x02_42_0A_00_00_02
    uuid.getnode = lambda: uuid._node


def install_order():
    """Sort directory listings: their order on disk is nobody's business."""
    true_listdir, true_scandir = os.listdir, os.scandir

    def listdir(path="."):
        return sorted(true_listdir(path))

    class scandir:
        """An iterator over sorted directory entries that is also a context manager."""

        def __init__(self, path="."):
            with true_scandir(path) as entries:
                self._entries = iter(sorted(entries, key=lambda entry: entry.name))

        def __iter__(self):
            return self

        def __next__(self):
            return next(self._entries)

        def __enter__(self):
            return self

        def __exit__(self, *exc_info):
            self.close()

        def close(self):
            self._entries = iter(())

    os.listdir, os.scandir = listdir, scandir
