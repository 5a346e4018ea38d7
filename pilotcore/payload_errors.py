"""What a payload that failed says about the reason, and which error that is.

Only a payload with an exit code is asked, only known texts count, and its own exit code stays
what it is: it goes to the server as transExitCode, never as an error code of the pilot's
(INC-101). A text stands in what was said, or it does not: ``if code and "text":`` once made a
setup error of every failure (INC-091).
Read from pilot3@a090538b:pilot/common/errorcodes.py#resolve_transform_error.
"""

from __future__ import annotations

from pathlib import Path

from pilotcore.logs import tail

SAID_MAX = 20_000
FILES = ("payload.stderr", "payload.stdout")
COMPLAINTS = (
    ("Not mounting requested bind point", 1308),
    ("No more available loop devices", 1307),
    ("Failed to mount image", 1309),
    ("error: while mounting", 1309),
    ("Failed to create user namespace", 1345),
    ("Singularity is not installed", 1325),
    ("Apptainer is not installed", 1372),
    ("General payload setup verification error", 1110),
)


def said(directory: Path) -> str:
    """Return the end of what the payload wrote."""
    paths = (directory / name for name in FILES)
    texts = (tail(path, SAID_MAX) for path in paths if path.is_file())
    return b"\n".join(texts).decode("utf-8", errors="replace")


def code_of_words(code: int, words: str) -> int:
    """Return the error code that explains exit code *code*, 0 if nothing known was said."""
    for text, error in COMPLAINTS:
        if code and text in words:
            return error
    return 0
