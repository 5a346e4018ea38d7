"""The order of things that programs keep in sets: that of their making, not of their addresses.

``ThreadPoolExecutor`` keeps its threads in a set, ``wait`` of futures and of tasks returns sets.
"""

from __future__ import annotations

from itertools import count

from guest.afterwards import afterwards

next_number = count(1).__next__
NUMBER = "_flightsim_number"


def number_of(self):
    """Stand for ``object.__hash__``: a number that the object gets when it is first asked for."""
    known = self.__dict__.get(NUMBER)
    if known is None:
        known = self.__dict__[NUMBER] = next_number()
    return known


def install():
    """Number threads and futures."""
    import threading

    threading.Thread.__hash__ = number_of
    for name in ("asyncio.futures", "concurrent.futures._base"):
        afterwards.change(name, number_futures)
    afterwards.change("queue", name_queue)


def number_futures(module):
    """Number the futures of a module, and with those of ``asyncio`` its tasks."""
    module.Future.__hash__ = number_of


def name_queue(module):
    """Let the pure Python SimpleQueue go by the name of the C one that it stands for."""
    module.SimpleQueue.__name__ = module.SimpleQueue.__qualname__ = "SimpleQueue"
