"""INC-093 a place for images makes an image out of none

pilot2 before 2020-07-14 (93ef1548): ``os.path.join(image_base, self.imagename)`` for every job,
where the name was empty for most.
"""

from __future__ import annotations

SCENARIO = "inc-093-image-of-nobody::image-base"
PATCHES = {
    "containers.py": (
        "    if job.image and base and",
        "    if base and",
    ),
}
EXPECTED = {"expect": "expected finished"}
