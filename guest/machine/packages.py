"""Packages that a node's Python offers (fakesites/pythonpath/offered): how they tell the flight."""

from __future__ import annotations

from guest.afterwards import afterwards
from guest.host import place


def install(host, root):
    """Have what a package does not simulate noted, where it was asked for."""

    def use(module):
        module.note = lambda text: host.note("note", kind="package", text=text, place=place(root))

    afterwards.change("psutil._missing", use)
