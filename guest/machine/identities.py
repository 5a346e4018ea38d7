"""The addresses that programs print: numbers in the order of first asking, not where things lie.

``<pilot.Executor object at 0x7f...>`` in a log is enough to make its archive, whose checksum goes to
the server, another one on each machine. What ``object.__repr__`` and that of functions show is
made of a number instead, and so is the ``id`` in what the library prints. Not modelled: ``id`` itself,
and objects that cannot be referred to weakly (they are shown where they lie).
Read from CPython 3.9 to 3.13: Objects/typeobject.c (object_repr, update_one_slot),
Include/cpython/object.h (PyTypeObject), Include/cpython/descrobject.h (PyWrapperDescrObject).
"""

from __future__ import annotations

from _weakref import ref
from itertools import count
from types import FunctionType
from types import GeneratorType

from guest.afterwards import afterwards

FIRST, STEP = 0x7F00_0000_0010, 0x10
# Where these lie in the structures of CPython on machines with addresses of eight bytes.
TP_REPR, D_WRAPPED = 88, 48
PRINTERS = ("threading", "concurrent.futures._base")
"""Modules of the library in which ``id`` is only printed."""

module_of = type.__dict__["__module__"].__get__
name_of = type.__dict__["__qualname__"].__get__


class Identities:
    """The numbers of the objects that somebody has printed and that are still there."""

    def __init__(self):
        self._numbers = {}
        self._next = count(FIRST, STEP).__next__

    def number(self, subject):
        """Return what is shown as the address of *subject*."""
        key = id(subject)
        known = self._numbers.get(key)
        if known is not None and known[0]() is subject:
            return known[1]
        try:
            reference = ref(subject, lambda dead: self._forget(key, dead))
        except TypeError:
            return key
        number = self._next()
        self._numbers[key] = reference, number
        return number

    def _forget(self, key, dead):
        known = self._numbers.get(key)
        if known is not None and known[0] is dead:
            del self._numbers[key]

    def of_object(self, subject):
        """Stand for ``object.__repr__``."""
        kind = type(subject)
        module, name = module_of(kind), name_of(kind)
        if isinstance(module, str) and module != "builtins":
            name = f"{module}.{name}"
        return f"<{name} object at 0x{self.number(subject):x}>"

    def of_function(self, subject):
        """Stand for ``repr`` of a function."""
        return f"<function {subject.__qualname__} at 0x{self.number(subject):x}>"

    def of_generator(self, subject):
        """Stand for ``repr`` of a generator."""
        return f"<generator object {subject.__qualname__} at 0x{self.number(subject):x}>"

    def print_in(self, module):
        """Let what *module* prints as ``id`` be a number."""
        module.id = self.number


def _replace(kind, function, kept):
    """Let ``repr`` of *kind*, and of all that inherits it, be *function*."""
    from ctypes import PYFUNCTYPE
    from ctypes import c_void_p
    from ctypes import cast
    from ctypes import py_object

    def word_at(address):
        return c_void_p.from_address(address)

    callback = PYFUNCTYPE(py_object, py_object)(function)
    kept.append(callback)
    ours = cast(callback, c_void_p).value
    true = word_at(id(kind) + TP_REPR).value
    # Classes that are made later take it from the method, those that are there have taken it.
    wrapped = word_at(id(kind.__dict__["__repr__"]) + D_WRAPPED)
    if wrapped.value != true:
        return
    wrapped.value = ours
    for each in _all_below(kind):
        place = word_at(id(each) + TP_REPR)
        if place.value == true:
            place.value = ours


def _all_below(kind):
    found, left = {kind: None}, [kind]
    while left:
        for each in type.__subclasses__(left.pop()):
            if each not in found:
                found[each] = None
                left.append(each)
    return list(found)


def install():
    """Replace what prints addresses; return what has to be kept for that."""
    identities = Identities()
    kept = [identities]
    _replace(object, identities.of_object, kept)
    _replace(FunctionType, identities.of_function, kept)
    _replace(GeneratorType, identities.of_generator, kept)
    for name in PRINTERS:
        afterwards.change(name, identities.print_in)
    return kept
