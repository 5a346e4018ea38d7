"""One file for each endpoint, or for a pair of endpoints that are two sides of one thing.

Importing this package enters them all into the registry.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

for _module in sorted(each.name for each in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")
