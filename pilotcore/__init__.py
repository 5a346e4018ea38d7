"""The reference pilot: what it does in a scenario is what a pilot should do.

An ordinary program, ``python -m pilotcore -q QUEUE --url …``: standard library only, Python 3.9
and newer, nothing imported from the rest of this repository. It meets the outside through one
port, ``platform.Platform``. Where to begin reading: pilot.py (its life), flight.py (one job's).

Values are frozen dataclasses without slots throughout: ``slots=True`` came with Python 3.10.
Not modelled: files copied in parallel, middleware in containers, real-time logging of payloads.
"""

from __future__ import annotations

__all__ = ["VERSION"]

VERSION = "0.1.0"
