"""INC-089 the storage of the first output is asked for, and there is none

pilot2 before 2019-09-03 (59210fbd, beb4c78b): get_rse(job.outdata) of an empty list, on the way
to the log's own stage-out.
"""

from __future__ import annotations

SCENARIO = "inc-089-nothing-but-a-log"
PATCHES = {
    "work.py": (
        ('        self.claim("storeonce")\n        left'),
        (
            '        self._kit.log.info(f"to {outputs[0].endpoint}")\n'
            '        self.claim("storeonce")\n'
            "        left"
        ),
    ),
}
EXPECTED = {"expect": "expected finished"}
ALWAYS = "it is the job that is unusual, nothing goes wrong"
