"""What each public function and class of some modules is: the same text runs here and in a guest.

A name that differs in a guest from what a clean interpreter has was replaced, and has to stand in
the boundary table.
"""

from __future__ import annotations

MODULES = (
    "os", "posix", "time", "_thread", "socket", "select", "signal", "subprocess", "resource", "ssl",
)  # fmt: skip
# Where a module's names are those of another, the table may hold either.
SAME = {"posix": "os", "_thread": "threading"}

LOOK = """
import importlib, json

def source(code):
    name = code.co_filename
    return "guest" if "/guest/" in name else name.rpartition("/")[2]

def mark(value):
    function = getattr(value, "__func__", value)
    if hasattr(function, "__code__"):
        return ["function", source(function.__code__), function.__qualname__]
    if not isinstance(value, type):
        return ["object", type(value).__module__, type(value).__name__]
    inner = [getattr(each, "__func__", each) for each in vars(value).values()]
    sources = {source(each.__code__) for each in inner if hasattr(each, "__code__")}
    return ["class", value.__module__, value.__name__, *sorted(sources)]

found = {}
for module in MODULES:
    for name, value in sorted(vars(importlib.import_module(module)).items()):
        public = not name.startswith("_") or name == "_exit"
        if public and callable(value):
            found[module + "." + name] = mark(value)
print(json.dumps(found))
"""
PROGRAM = f"MODULES = {MODULES!r}\n{LOOK}"
