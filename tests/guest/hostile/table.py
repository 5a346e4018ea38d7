"""All ways out, group by group."""

from __future__ import annotations

from tests.guest.hostile import files
from tests.guest.hostile import interpreter
from tests.guest.hostile import libraries
from tests.guest.hostile import network
from tests.guest.hostile import processes
from tests.guest.hostile import resources
from tests.guest.hostile import signals

GROUPS = (processes, signals, files, network, libraries, interpreter, resources)
WAYS = tuple(way for module in GROUPS for way in module.GROUP.ways)
