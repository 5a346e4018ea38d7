"""INC-111 the wrapper takes python 3.10 for 3.1

pilot-wrapper before 487457a (2023-09-27): the version was cut out of text by sed and compared as a
number.
"""

from __future__ import annotations

SCENARIO = "inc-111-python-of-two-digits::python310"
PATCHES = {
    "wrapper/wrapper.sh": (
        ("\"$python\" -c 'import sys; sys.exit(sys.version_info < (3, 9))' >/dev/null 2>&1 ||\n"),
        (
            "version=$(\"$python\" -V | sed 's/Python \\([0-9]\\)\\.\\([0-9]\\).*/\\1\\2/')\n"
            '[ "$version" -ge 39 ] ||\n'
        ),
    ),
}
EXPECTED = {"expect": "expected finished"}
ALWAYS = "the node's Python is what the world is about, no fault"
