"""``multiprocessing.Manager`` without a server: all processes share one memory anyway."""

from __future__ import annotations

import queue
import threading
from types import SimpleNamespace


class Namespace(SimpleNamespace):
    """Stands for ``multiprocessing.managers.Namespace``."""


class Value:
    """Stands for ``multiprocessing.managers.Value``."""

    def __init__(self, typecode, value, lock=True):
        self.value = value

    def get(self):
        return self.value

    def set(self, value):
        self.value = value


class Manager:
    """Makes objects for several processes: plain ones."""

    def __init__(self, context):
        self._context = context
        self.Pool = context.Pool

    list, dict, Namespace, Value = list, dict, Namespace, Value
    Queue, JoinableQueue = queue.Queue, queue.Queue
    Event, Lock, RLock = threading.Event, threading.Lock, threading.RLock
    Condition, Barrier = threading.Condition, threading.Barrier
    Semaphore, BoundedSemaphore = threading.Semaphore, threading.BoundedSemaphore

    def Array(self, typecode, sequence, lock=True):
        return [*sequence]

    def start(self, initializer=None, initargs=()):
        pass

    shutdown = join = connect = start

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.shutdown()
