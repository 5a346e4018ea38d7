"""The published boundary is the one that stands: each name is looked at in a running guest."""

from __future__ import annotations

import json

from guest.boundary import table
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
        for each in parts[cut:]: found = getattr(found, each)
        break
    found = getattr(found, "func", found)
    code = getattr(found, "__code__", None)
    if code is None and isinstance(found, type):
        codes = [getattr(each, "__code__", None) for each in vars(found).values()]
        files = {each.co_filename for each in codes if each}
        inner = [getattr(each, "__func__", None) for each in vars(found).values()]
        files |= {each.__code__.co_filename for each in inner if hasattr(each, "__code__")}
    else:
        files = {code.co_filename} if code else set()
    return any(OURS in name for name in files)
print(json.dumps({name: origin(name) for name in NAMES}))
"""
# Bound to an object of ours, or to a method of a seeded stream, which have no code to look at.
OTHERWISE = {"random.random"}


def test_every_row_says_what_is_so(host: TinyHost) -> None:
    names = [name for _, name, _, _ in table() if name not in OTHERWISE]
    found = json.loads(host.fly(f"NAMES = {names!r}\n{LOOK}"))
    said = {name: state != "real" for _, name, state, _ in table() if name in found}
    assert said == found


def test_no_name_stands_twice() -> None:
    names = [name for _, name, _, _ in table()]
    assert sorted(set(names)) == sorted(names)
