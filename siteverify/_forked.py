"""Ask the operating system a question in a child process that can be given up.

`stat` on a dead mount, a resolver that never answers: such a call cannot be interrupted from
within, and a thread stuck in it keeps the whole interpreter from ending. A forked child can be
killed; one in state D, which not even SIGKILL ends, can be left behind. It holds none of our
streams, so nobody who reads our output waits for it.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import time
from contextlib import suppress
from typing import Callable
from typing import NoReturn
from typing import Optional
from typing import TypeVar

from siteverify.vantage import FaultError
from siteverify.vantage import HangError
from siteverify.vantage import VantageError

T = TypeVar("T")
CHUNK = 65536
ANSWER_LIMIT = 8 * 2**20  # an answer that is longer is our mistake
REAP_S = 1.0
REAP_STEP_S = 0.005


def ask_in_child(question: Callable[[], T], *, what: str, timeout_s: float) -> T:
    """Return what *question* returns, or raise the VantageError that it raises.

    Raise HangError, naming *what*, if it does not end within *timeout_s*.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _answer_and_exit(question, writer, what=what)
    os.close(writer)
    try:
        data = _read(reader, until=time.monotonic() + timeout_s)
    finally:
        os.close(reader)
        os.kill(pid, signal.SIGKILL)  # not reaped yet, so it is ours, should it lead no group yet
        kill_group(pid)
        reap(pid)
    if data is None:
        raise HangError(f"{what}: no answer in {timeout_s:g} s")
    if not data:
        raise FaultError(what, "ENOANSWER")  # the child died of the question
    kind, value = pickle.loads(data)
    if kind == "error":
        raise value
    answer: T = value
    return answer


def kill_group(pid: int) -> None:
    """Send SIGKILL to every process of the group that *pid* leads, if there is one left."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def reap(pid: int) -> Optional[int]:
    """Wait a second for *pid* to be gone; return its wait status, None if it stays (state D)."""
    deadline = time.monotonic() + REAP_S
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        if time.monotonic() > deadline:
            return None
        time.sleep(REAP_STEP_S)  # noqa: TID251  real processes need real time


def _answer_and_exit(question: Callable[[], object], writer: int, *, what: str) -> NoReturn:
    """Answer through the pipe *writer*; the child ends here, whatever happens."""
    try:
        os.setsid()
        _let_go_of_our_streams()
        _write(writer, pickle.dumps(_attempt(question, what=what)))
    finally:
        os._exit(0)


def _attempt(question: Callable[[], object], *, what: str) -> object:
    try:
        return ("answer", question())
    except VantageError as error:
        return ("error", error)
    except Exception as error:  # noqa: BLE001  told to the parent
        return ("error", FaultError(f"{what}: {error}", type(error).__name__))


def _let_go_of_our_streams() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _write(writer: int, data: bytes) -> None:
    while data:
        data = data[os.write(writer, data) :]


def _read(reader: int, *, until: float) -> Optional[bytes]:
    """Return everything up to the end, or None if that does not come in time."""
    chunks: list[bytes] = []
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([reader], [], [], left)[0]:
            return None
        chunk = os.read(reader, CHUNK)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)
        assert len(chunks) * CHUNK <= 2 * ANSWER_LIMIT, "an answer is longer than ANSWER_LIMIT"
