"""INC-113 the wrapper fails healthy sites because of one repository

pilot-wrapper, from 2024-02-20 to 2024-05-03 (362bcff): a probe of the nightlies ended the wrapper.
"""

from __future__ import annotations

SCENARIO = "inc-113-one-repository"
PATCHES = {
    "wrapper/wrapper.sh": (
        "# -- the queue\n",
        (
            "for each in sft.cern.ch/lcg atlas-nightlies.cern.ch/repo/sw/logs; do\n"
            '    target="${ATLAS_SW_BASE:-/cvmfs}/$each/lastUpdate"\n'
            '    [ "$(cat "$target" | wc -l)" -ge 1 ] || fail 64 "FATAL: $target not accessible"\n'
            "done\n"
            "\n"
            "# -- the queue\n"
        ),
    ),
}
EXPECTED = {"expect": "expected finished"}
