"""Changes to modules that a program may never import: made as soon as it does.

A pilot that does without ``multiprocessing`` is not to wait for its import.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder


class Afterwards:
    """A finder that comes first, and finds only what is to be changed after its import."""

    def __init__(self):
        self._changes = {}

    def change(self, name, change):
        """Call *change* with the module *name* when it has been imported, or now if it has."""
        if name in sys.modules:
            change(sys.modules[name])
        else:
            self._changes.setdefault(name, []).append(change)

    def find_spec(self, name, path, target=None):
        """Return the spec of a module to be changed, whose loader then does that; else None."""
        if name not in self._changes:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            changes = self._changes.pop(name)
            true_exec = spec.loader.exec_module

            def exec_module(module):
                true_exec(module)
                for change in changes:
                    change(module)

            spec.loader.exec_module = exec_module
        return spec


afterwards = Afterwards()


def install():
    """Put the finder before all others."""
    sys.meta_path.insert(0, afterwards)
