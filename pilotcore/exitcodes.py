"""The pilot's own exit code: what the wrapper and the batch system learn.

0 says that every job was handled and its final state acknowledged, whatever that state was, or
that there was no job. 2 says that the command line was wrong, 128 + n that the pilot ended
because of signal n. The others are the shell codes of
pilot3@a090538b:pilot/util/auxiliary.py#get_error_code_translation_dictionary. A payload's exit
code is never the pilot's: it goes to the server as transExitCode.
"""

from __future__ import annotations

from pilotcore.errors import Failure

OK = 0
UNKNOWN_EXCEPTION = 70

# Error code -> exit code, for failures that are the pilot's or the node's, not one job's.
SHELL = {
    1377: 64,
    1008: 65,
    1199: 66,
    1103: 67,
    1163: 68,
    1177: 68,
    1370: 68,
    1098: 69,
    1301: UNKNOWN_EXCEPTION,
    1116: 71,
    1117: 72,
    1133: 72,
    1313: 72,
    1359: 78,
    1318: 79,
    1317: 79,
    1382: 80,
    1213: 81,
    1386: 83,
}
# A failure of these ends the pilot even if it was one job that met it.
ENDS_PILOT = frozenset((1098, 1163, 1177, 1213, 1317, 1370, 1377, 1382))


def exit_code(failure: Failure | None) -> int:
    """Return the exit code of a pilot that ends by *failure* (None: nothing was wrong)."""
    return OK if failure is None else SHELL.get(failure.code, 65)


def signal_exit_code(number: int) -> int:
    """Return the exit code of a pilot that ends because of signal *number*."""
    return 128 + number
