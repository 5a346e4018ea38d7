"""What copy tools say when they fail, and which error that is.

The order matters: the first text found decides. Read from
pilot3@a090538b:pilot/copytool/common.py#resolve_common_transfer_errors and, for dCache, from
pilot 1's dCacheSiteMover.py: dccp can fail with exit code 0.
"""

from __future__ import annotations

import re

from pilotcore.commands import NOT_FOUND
from pilotcore.commands import Outcome

# (pattern, code in stage-in, code in stage-out); patterns are searched without regard to case.
COMPLAINTS = (
    (r"timeout|timed out", 1151, 1152),
    (r"failed xrdadler32|does not match the checksum|checksum (mismatch|error)", 1171, 1172),
    (r"globus_xio:", 1180, 1181),
    (r"file exists|srm_file_busy|file already exists", 1221, 1221),
    (r"no such file|file not found|does not exist|no such object", 1331, 1103),
    (r"query chksum is not supported|unable to checksum", 1242, 1242),
    (r"could not establish context|proxy (has )?expired|certificate (has )?expired", 1163, 1163),
    (r"gss_init_sec_context failed", 1163, 1163),
    (r"no space left on device|disk quota exceeded|not enough space", 1098, 1333),
    (r"cannot authenticate|auth(entication)? failed|login incorrect|no voms", 1338, 1383),
    (r"permission (denied|refused)", 1338, 1383),
    (r"service is not available at the moment", 1324, 1324),
    (r"network is unreachable|no route to host", 1327, 1327),
    (r"run: \[error\] server responded with an error", 1362, 1362),
)
# Failures that a dCache door reports while dccp exits with 0.
SILENT = re.compile(r"failed open file in the dcache|system error: no route to host", re.I)
# Failures behind which an invalid credential may stand.
ABOUT_CREDENTIALS = frozenset((1163, 1338, 1383))
# A second try against the same door cannot help: it is not there, or time is up.
PERMANENT = frozenset((1103, 1151, 1152, 1163, 1177, 1313, 1323, 1329, 1331))


def code_of(outcome: Outcome, *, writing: bool) -> int:
    """Return the error code of a transfer that ended as *outcome*; 0 if it did not fail."""
    if outcome.timed_out:
        return 1152 if writing else 1151
    words = outcome.words
    if not outcome.code and not SILENT.search(words):
        return 0
    if outcome.code == NOT_FOUND:
        return 1323
    for pattern, reading_code, writing_code in COMPLAINTS:
        if re.search(pattern, words, re.I):
            return writing_code if writing else reading_code
    return 1137 if writing else 1099
