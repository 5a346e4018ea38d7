"""The published boundary is the one that stands: each name is looked at in a running guest."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

from guest.boundary import NOT_CONTAINED
from guest.boundary import leaks
from guest.boundary import table
from tests.guest.hostile.table import WAYS
from tests.guest.hostile.ways import ESCAPED
from tests.guest.hostile.ways import MODES
from tests.guest.names import PROGRAM
from tests.guest.names import SAME
from tests.guest.tiny_host import TinyHost

LOOK = """
import importlib, json, sys
import multiprocessing, queue, random, ssl, subprocess, uuid, ctypes, zlib, hashlib
OURS = "/guest/"
def origin(name):
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try: found = importlib.import_module(".".join(parts[:cut]))
        except ImportError: continue
        for each in parts[cut:]: found = getattr(found, each, None)
        break
    if found is None: return None
    found = getattr(found, "func", found)
    if type(found).__module__.startswith("guest."): return True
    if getattr(getattr(found, "__self__", None), "__name__", "") == "_flightsim_waits": return True
    code = getattr(found, "__code__", None)
    if code is None and isinstance(found, type):
        codes = [getattr(each, "__code__", None) for each in vars(found).values()]
        files = {each.co_filename for each in codes if each}
        # Of a class of Python's library it is only the compiled part that makes such methods.
        if any(type(each).__name__ == "method_descriptor" for each in vars(found).values()):
            if files: return True
        inner = [getattr(each, "__func__", None) for each in vars(found).values()]
        files |= {each.__code__.co_filename for each in inner if hasattr(each, "__code__")}
    else:
        files = {code.co_filename} if code else set()
    return any(OURS in name for name in files)
print(json.dumps({name: origin(name) for name in NAMES}))
"""
# Bound to an object of ours, or to a method of a seeded stream, which have no code to look at.
OTHERWISE = {"random.random"}


def rows() -> dict[str, str]:
    """Return what the table says of each name of Python."""
    return {name: state for _, name, state, _ in table() if state != NOT_CONTAINED}


def test_every_row_says_what_is_so(host: TinyHost) -> None:
    names = [name for name in rows() if name not in OTHERWISE]
    found = json.loads(host.fly(f"NAMES = {names!r}\n{LOOK}"))
    # What this version of Python does not have says nothing.
    there = {name: state for name, state in found.items() if state is not None}
    said = {name: state not in ("real", "gone") for name, state in rows().items() if name in there}
    assert said == there


def test_every_name_that_differs_in_a_guest_stands_in_the_table(host: TinyHost) -> None:
    command = [sys.executable, "-I", "-S", "-c", PROGRAM]
    clean = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    guest = json.loads(host.fly(PROGRAM))
    differ = [name for name in clean if guest.get(name) != clean[name]]
    said = {name for name, state in rows().items() if state != "real"}
    assert [] == [name for name in differ if name not in said and _other(name) not in said]


def _other(name: str) -> str:
    module, _, attribute = name.partition(".")
    return f"{SAME.get(module, module)}.{attribute}"


def test_no_name_stands_twice() -> None:
    names = Counter(name for _, name, _, _ in table())
    assert [] == [name for name, count in names.items() if count > 1]


def test_what_is_not_contained_is_what_the_ways_out_show() -> None:
    shown = {(way.name, mode) for way in WAYS for mode in MODES if way.may_be(mode) == (ESCAPED,)}
    assert shown == {(way, mode) for modes, _, ways in leaks() for way in ways for mode in modes}
