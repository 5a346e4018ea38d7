"""The reference pilot inside the host: the same core, on SimPy and greenlets.

hub.py      strands (greenlets) that wait on a SimPy clock, and flags
memory.py   a file system in memory whose paths have the interface of pathlib
core.py     the Platform of both depths
model.py    scale: programs and storage as functions, the server's application called directly
fleet.py    scale: many pilots against one server
"""

from __future__ import annotations
