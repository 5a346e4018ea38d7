"""INC-087 the first replica of the list is taken

pilot2 before 2019-03-22 (d0b0283c): the URLs of ``rses`` were used as Rucio sent them, and the
priorities in ``pfns`` not at all.
"""

from __future__ import annotations

SCENARIO = "inc-087-nearest-replica"
PATCHES = {
    "data/replicas.py": (
        (
            "    return tuple(\n"
            "        sorted(\n"
            "            replicas,\n"
            "            key=lambda each: (each.endpoint not in near, not each.is_local, each.priority),\n"
            "        )\n"
            "    )\n"
        ),
        "    return replicas\n",
    ),
}
EXPECTED = {"expect": "expected finished"}
