"""``threading.local`` by strand: every greenlet runs on the one OS thread that C code sees.

Read from CPython 3.11 Lib/_threading_local.py. Unlike there, what a thread kept goes when the
thread ends and before anybody who joins it goes on, as with the C type.
"""

from __future__ import annotations

from weakref import ref

from greenlet import getcurrent


class Kept:
    """What the threads keep in one local: *dicts* by ident; *last* is the one that is in place."""

    __slots__ = ("arguments", "dicts", "last")

    def __init__(self, arguments):
        self.arguments = arguments
        self.dicts = {}
        self.last = None


class local:
    """An object whose attributes are those of the calling thread."""

    __slots__ = ("__dict__", "__weakref__", "_local__kept")

    def __new__(cls, /, *args, **kwargs):
        if (args or kwargs) and cls.__init__ is object.__init__:
            raise TypeError("Initialization arguments are not supported")
        self = object.__new__(cls)
        kept = Kept((args, kwargs))
        object.__setattr__(self, "_local__kept", kept)
        # The creating thread's __init__ is called by type.__call__, as for any object.
        _put(self, kept, getcurrent())
        return self

    def __getattribute__(self, name):
        kept = object.__getattribute__(self, "_local__kept")
        strand = getcurrent()
        if kept.last != strand.ident:
            _take_up(self, kept, strand)
        return object.__getattribute__(self, name)

    def __setattr__(self, name, value):
        _check(self, name)
        kept = object.__getattribute__(self, "_local__kept")
        strand = getcurrent()
        if kept.last != strand.ident:
            _take_up(self, kept, strand)
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        _check(self, name)
        kept = object.__getattribute__(self, "_local__kept")
        strand = getcurrent()
        if kept.last != strand.ident:
            _take_up(self, kept, strand)
        object.__delattr__(self, name)


local.__name__, local.__qualname__, local.__module__ = "_thread._local", "_local", "_thread"


def _check(self, name):
    if name == "__dict__":
        raise AttributeError(f"{type(self).__name__!r} object attribute '__dict__' is read-only")


def _put(self, kept, strand):
    values = kept.dicts[strand.ident] = {}
    strand.__dict__.setdefault("locals", []).append(ref(self))
    object.__setattr__(self, "__dict__", values)
    kept.last = strand.ident


def _take_up(self, kept, strand):
    """Put the values of *strand* in place, made as ``__init__`` makes them if it has none."""
    values = kept.dicts.get(strand.ident)
    if values is not None:
        object.__setattr__(self, "__dict__", values)
        kept.last = strand.ident
        return
    _put(self, kept, strand)
    args, kwargs = kept.arguments
    type(self).__init__(self, *args, **kwargs)


def forget(strand):
    """Drop what *strand* kept in any local: it has ended."""
    for reference in strand.__dict__.pop("locals", ()):
        self = reference()
        if self is not None:
            kept = object.__getattribute__(self, "_local__kept")
            kept.dicts.pop(strand.ident, None)
            if kept.last == strand.ident:
                kept.last = None
                object.__setattr__(self, "__dict__", {})
