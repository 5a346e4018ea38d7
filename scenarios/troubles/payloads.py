"""How a payload may end, and what it may leave behind."""

from __future__ import annotations

from hypothesis import strategies as st

from harness.scenario import File
from harness.triggers import Trigger
from scenarios.troubles._trouble import BNL
from scenarios.troubles._trouble import OPEN
from scenarios.troubles._trouble import Trouble
from scenarios.troubles._trouble import failed
from scenarios.troubles._trouble import fault

# Exit code, last words, and what the pilot may say of them; 0: only the exit code is told.
ENDS = (
    (1, "", (0, 1305)),
    (7, "", (0, 1305)),
    (65, "AthMPEvtLoopMgr FATAL makePool failed", (0, 1305)),
    (126, "bash: ./payload: Permission denied", (0, 1305)),
    (254, "setup of the geometry: verification of 12 volumes done", (0, 1305)),
    (42, "General payload setup verification error", (1110,)),
    (255, "FATAL: container creation failed: Failed to mount image: no loop devices", (1309,)),
)
REPORTS = (
    '{"exitCode": 0, "exitMsg": "all well"}',
    '{"exitCode": 0, "exitMsg": {"en": "all well"}}',
    '{"exitCode": 0, "exitMsg": 42}',
    '{"exitCode": null, "exitMsg": null}',
    '["all well"]',
    '{"exitCode": 0, "exitMsg": "all we',
)
FOLDERS = (["results"], ["geomDB", "sqlite200", "tmpdata", "results"])
# The door says no, after minutes; five times, until at last the log is taken.
BUSY = "[ERROR] Server responded with an error: [3012] Internal server error"
# A heartbeat is due every half an hour: one is long ago when such a payload ends.
JUST_BEFORE_S = (5100.0, 3300.0, 1600.0)


def troubles() -> st.SearchStrategy[Trouble]:
    """Return payloads that end badly, and well-behaved ones with odd leavings."""
    return st.one_of(
        st.sampled_from(ENDS).map(_ends),
        st.sampled_from(REPORTS).map(lambda text: _leaves("report", text=text)),
        st.sampled_from((1201, 0)).map(_core_file),
        st.sampled_from(FOLDERS).map(lambda names: _leaves("folders", names=names)),
        st.builds(_late_log, st.sampled_from(JUST_BEFORE_S), st.sampled_from((65, 1))),
        st.sampled_from(("SIGSEGV", "SIGKILL")).map(_dies),
        st.sampled_from(("missing_output", "empty_output")).map(_without),
    )


def _ends(end: tuple[int, str, tuple[int, ...]]) -> Trouble:
    code, words, codes = end
    said = {"stderr": words} if words else {}
    trouble = fault("payload", "exit_code", code=code, **said)
    return Trouble((trouble,), claim=failed(*codes, transExitCode=str(code)))


def _leaves(do: str, **options: object) -> Trouble:
    return Trouble((fault("payload", do, **options),))


def _core_file(pid: int) -> Trouble:
    """Leave the core file of another program, or (0) of the payload itself."""
    dumped = fault("payload", "core_file", **({"pid": pid} if pid else {}))
    return Trouble((dumped,)) if pid else Trouble((dumped,), claim=OPEN)


def _dies(signal: str) -> Trouble:
    return Trouble((fault("payload", "signal", signal=signal),), claim=failed())


def _without(do: str) -> Trouble:
    return Trouble((fault("payload", do),), claim=OPEN)


def _late_log(walltime_s: float, code: int) -> Trouble:
    """The payload fails, and the storage takes forty minutes to accept its log."""
    busy = fault(
        "tool.transfer",
        "exit",
        Trigger(phase="stage-out", times=5),
        code=54,
        stderr=BUSY,
        delay="6m30s",
    )
    return Trouble(
        (fault("payload", "exit_code", code=code), busy),
        place=BNL,
        payload={"walltime_s": walltime_s, "outputs": (File(50_000_000),)},
        claim=failed(),
    )
