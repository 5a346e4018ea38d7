"""The temporary directories exist, can be written to, and let scripts run."""

from __future__ import annotations

from siteverify.catalogue import Remedy
from siteverify.catalogue import check
from siteverify.outcome import Outcome
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import failed
from siteverify.outcome import passed
from siteverify.outcome import warned
from siteverify.reasons import word_for
from siteverify.settings import MB
from siteverify.settings import Settings
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

FREE_BYTES = 10 * MB
PROBE_BYTES = 4096
UNAVAILABLE = "UNAVAILABLE"


@check(
    "env.tmp",
    title="temporary directories",
    severity=Severity.CRITICAL,
    owner=Owner.SITE,
    remedy=Remedy(
        "Create the directory, or set OSG_WN_TMP or TMPDIR to one that exists.",
        ("ls -ld $OSG_WN_TMP $TMPDIR /tmp", "df -h $OSG_WN_TMP $TMPDIR /tmp"),
    ),
    timeout_s=60.0,
    quick=True,
)
def temporary_directories_work(vantage: Vantage, _: Settings) -> Outcome:
    """Try OSG_WN_TMP, TMPDIR and /tmp: the first one set is where a wrapper goes.

    Trouble there fails the check, trouble in the others is a warning.
    Read from pilot-wrapper@0041588a:runpilot2-wrapper.sh (get_workdir).
    """
    candidates = _candidates(dict(vantage.env()))
    troubles = {path: _trouble(vantage, path) for path in candidates}
    details = tuple(f"{path}: {word}" for path, word in troubles.items() if word)
    first = candidates[0]
    if troubles[first]:
        text = f"{first} is of no use: {troubles[first]}"
        return failed(f"TMP_{troubles[first]}", text, details=details)
    if details:
        return warned("TMP_OTHER", f"{first} works, others do not", details=details)
    return passed(", ".join(candidates))


def _candidates(env: dict[str, str]) -> list[str]:
    named = [env.get("OSG_WN_TMP", ""), env.get("TMPDIR", ""), "/tmp"]
    return list(dict.fromkeys(path for path in named if path and path != UNAVAILABLE))


def _trouble(vantage: Vantage, path: str) -> str:
    try:
        if vantage.stat(path).kind != "dir":
            return "NO_DIRECTORY"
        if vantage.space(path).free_bytes < FREE_BYTES:
            return "FULL"
        if not vantage.write_probe(path, size_bytes=PROBE_BYTES):
            return "CORRUPTS"
        return "" if vantage.exec_probe(path) else "NOEXEC"
    except VantageError as error:
        return word_for(error)
