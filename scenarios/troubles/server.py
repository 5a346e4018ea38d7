"""The server's answers: instructions, and all that may happen to a request."""

from __future__ import annotations

from hypothesis import strategies as st

from harness.scenario import Expectation
from harness.triggers import Trigger
from scenarios.strategies import PHASES_BACK
from scenarios.strategies import SERVER_KINDS
from scenarios.strategies import SERVER_POINTS
from scenarios.strategies import calls
from scenarios.strategies import faults_of
from scenarios.strategies import moments
from scenarios.troubles._trouble import BNL
from scenarios.troubles._trouble import OPEN
from scenarios.troubles._trouble import Trouble
from scenarios.troubles._trouble import failed
from scenarios.troubles._trouble import fault

UPDATE = "server.update_job"
KILLS = (
    "tobekilled",
    "debug,tobekilled",
    "tobekilled,debug",
    "debugoff, tobekilled",
    "debug,tobekilled,debugoff",
)
KILLED = 1144
# When somebody changes his mind: with the first word of all, or while the payload runs.
EARLY = (Trigger(call=1), Trigger(call=1, phase="payload"), Trigger(call=2, phase="payload"))
WISHES = ("debug", "tail panda_token", "debug,tail payload.stdout")
ONCE = ("http_status", "answer_lost", "request_lost", "html", "garbage")
# After the transfers only little is to be said, and it has to be.
LAST = ("log", "stage-out")
FIFTEEN_HOURS_S = 54_000.0
# A heartbeat is due while the pilot waits for the answer to its last word.
JUST_BEFORE_S = (5380.0, 3580.0, 3500.0)


def troubles() -> st.SearchStrategy[Trouble]:
    """Return servers that are busy, wrong, or of another mind."""
    return st.one_of(
        st.builds(_killed, st.sampled_from(KILLS), st.sampled_from(EARLY)),
        st.builds(_asked, st.sampled_from(WISHES), st.booleans()),
        st.builds(_slow_end, st.sampled_from(("90s", "60s")), st.sampled_from(JUST_BEFORE_S)),
        st.builds(_once, st.sampled_from(ONCE), st.sampled_from(PHASES_BACK)),
        st.sampled_from(LAST).map(_silent),
        st.sampled_from(("transform", "queuedata")).map(_slow_web),
        st.sampled_from(("hang", "http_status")).map(_no_jobs),
        st.sampled_from((503, 500)).map(_deaf),
        faults_of(SERVER_POINTS[:1], SERVER_KINDS, moments(6)).map(_any),
        faults_of(SERVER_POINTS[1:], SERVER_KINDS, calls(3)).map(_any),
    )


def _any(plan: object) -> Trouble:
    return Trouble((plan,), claim=OPEN)  # type: ignore[arg-type]


def _killed(words: str, at: Trigger) -> Trouble:
    """The job is not wanted any more, and the server says so once."""
    command = fault(UPDATE, "command", at, command=words)
    # An hour's payload has a second update in it, and is over long before it would end.
    return Trouble((command,), payload={"walltime_s": 3500.0}, claim=failed(KILLED), one_job=True)


def _asked(words: str, secret: bool) -> Trouble:
    """Somebody wants to see what the payload writes, beside which there may be a token."""
    ask = fault(UPDATE, "command", Trigger(phase="payload", call=1), command=words)
    token = (fault("payload", "token_file"),) if secret else ()
    return Trouble((ask, *token), payload={"walltime_s": 7200.0})


def _slow_end(delay: str, walltime_s: float) -> Trouble:
    """The server needs its time for the last word."""
    slow = fault(UPDATE, "delay", Trigger(phase="log", call=1), delay=delay)
    return Trouble((slow,), place=BNL, payload={"walltime_s": walltime_s})


def _once(do: str, phase: str) -> Trouble:
    """One update goes wrong, and is said again."""
    return Trouble((fault(UPDATE, do, Trigger(phase=phase, call=1)),))


def _silent(phase: str) -> Trouble:
    """One update is lost, and the connection stays open."""
    at = Trigger(phase=phase, call=1)
    return Trouble((fault(UPDATE, "request_lost", at, how="silence"),))


def _slow_web(endpoint: str) -> Trouble:
    """What is to be fetched before the payload, or the job, does not come at once."""
    claim = (
        Expectation(states=("finished", "failed", "closed")) if endpoint == "transform" else OPEN
    )
    return Trouble((fault(f"server.{endpoint}", "hang", Trigger(times=2)),), place=BNL, claim=claim)


def _no_jobs(do: str) -> Trouble:
    """No request for a job is ever answered."""
    # 79: no communication; 0: no job.
    claim = Expectation(states=("activated",), exit_codes=(0, 79))
    return Trouble((fault("server.acquire_jobs", do),), claim=claim)


def _deaf(status: int) -> Trouble:
    """From some moment on no update is taken, of a payload that would run for fifteen hours."""
    at = Trigger(phase="payload", after_s=4200.0)
    return Trouble(
        (fault(UPDATE, "http_status", at, status=status),),
        place=BNL,
        payload={"walltime_s": FIFTEEN_HOURS_S},
        claim=Expectation(states=("failed",)),
    )
