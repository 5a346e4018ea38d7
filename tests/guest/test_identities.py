"""What programs print of where objects lie is a number, the same on every machine."""

from __future__ import annotations

from tests.guest.tiny_host import TinyHost

PROGRAM = """
import threading
from concurrent.futures import Future
class Plain: pass
class Own(Plain):
    def __repr__(self): return "own " + super().__repr__()
class Late: pass
def work(): yield
shown = [Plain(), Own(), Late(), work, work(), threading.Event(), Future(), threading.Barrier(2)]
for each in [*shown, shown[0]]: print(repr(each))
del shown[0]
print(repr(Plain()) == repr(Plain()), object.__repr__(shown[0]), str(shown[1]), f"{shown[1]}")
try: object.__repr__()
except TypeError as error: print(error)
"""
SHOWN = """<__main__.Plain object at 0x7f0000000010>
own <__main__.Own object at 0x7f0000000020>
<__main__.Late object at 0x7f0000000030>
<function work at 0x7f0000000040>
<generator object work at 0x7f0000000050>
<threading.Event at 0x7f0000000060: unset>
<Future at 0x7f0000000070 state=pending>
<threading.Barrier at 0x7f0000000080: waiters=0/2>
<__main__.Plain object at 0x7f0000000010>
False <__main__.Own object at 0x7f0000000020> <__main__.Late object at 0x7f0000000030> \
<__main__.Late object at 0x7f0000000030>
descriptor '__repr__' of 'object' object needs an argument
"""


def test_objects_are_numbered_in_the_order_in_which_they_are_shown(host: TinyHost) -> None:
    assert SHOWN == host.fly(PROGRAM)
