"""Worker nodes of a site as numbers: how many cores each has left.

Models hosts with cores, a place for a pilot of so many cores on one host (the fullest that has
room), hosts that go down and come back. Each question costs as many steps as a host has cores at
most, however many hosts there are.
"""

from __future__ import annotations


class Hosts:
    """*count* hosts of *cores* cores each."""

    __slots__ = ("_buckets", "_down", "_free", "_listed", "cores", "count", "free")

    def __init__(self, count: int, *, cores: int) -> None:
        self.count = count
        self.cores = cores
        self.free = count * cores
        self._free = [cores] * count
        self._down = [False] * count
        # A host is listed under its free cores; what is listed may be out of date, so it is
        # looked at before it is believed. A bit for each list keeps it from standing there twice.
        self._buckets: list[list[int]] = [[] for _ in range(cores + 1)]
        self._buckets[cores] = list(range(count - 1, -1, -1))
        self._listed = [1 << cores] * count

    def take(self, cores: int) -> int:
        """Return a host on which *cores* are now taken, or -1 if no host has so many left."""
        if self.free < cores:
            return -1
        for size in range(cores, self.cores + 1):
            bucket = self._buckets[size]
            while bucket:
                host = bucket.pop()
                self._listed[host] &= ~(1 << size)
                if self._free[host] == size and not self._down[host]:
                    self.free -= cores
                    self._put(host, size - cores)
                    return host
        return -1

    def give(self, host: int, *, cores: int) -> None:
        """Give *cores* of *host* back."""
        if not self._down[host]:
            self.free += cores
        self._put(host, self._free[host] + cores)

    def take_down(self, host: int) -> None:
        """Let *host* go down; what runs on it is the caller's business."""
        if not self._down[host]:
            self._down[host] = True
            self.free -= self._free[host]

    def bring_back(self, host: int) -> None:
        """Let *host* work again."""
        if self._down[host]:
            self._down[host] = False
            self.free += self._free[host]
            self._put(host, self._free[host])

    def _put(self, host: int, free: int) -> None:
        self._free[host] = free
        if free and not self._listed[host] & (1 << free):
            self._listed[host] |= 1 << free
            self._buckets[free].append(host)
