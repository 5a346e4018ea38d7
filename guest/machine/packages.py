"""Packages that a node's Python offers (fakesites/pythonpath/offered): how they tell the flight."""

from __future__ import annotations

import sys

from guest.afterwards import afterwards
from guest.host import OUR_FOLDER


def install(host, root):
    """Have what a package does not simulate noted, where it was asked for."""
    offered = f"{root}/python/"

    def use(module):
        module.note = lambda text: host.note("note", kind="package", text=text, place=asked())

    def asked():
        frame = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if not name.startswith((OUR_FOLDER, offered, "<frozen")):
                return f"{name}:{frame.f_lineno}"
            frame = frame.f_back
        return "?"

    afterwards.change("psutil._missing", use)
