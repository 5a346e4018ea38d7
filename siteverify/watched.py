"""A vantage as one check sees it: with a time budget, and with every question noted.

The budget is how a check's own time limit is kept without threads: each question gets at most
the time that is left. The notes become the evidence of the result, so that no check can forget
to say which command it ran and what came back.
"""

from __future__ import annotations

from typing import Callable
from typing import Mapping
from typing import Optional
from typing import Sequence
from typing import TypeVar

from siteverify.redaction import one_line
from siteverify.redaction import tail
from siteverify.results import Evidence
from siteverify.vantage import PATIENCE_S
from siteverify.vantage import Answer
from siteverify.vantage import Cpus
from siteverify.vantage import HangError
from siteverify.vantage import Limit
from siteverify.vantage import Ran
from siteverify.vantage import Space
from siteverify.vantage import Stat
from siteverify.vantage import Vantage
from siteverify.vantage import VantageError

T = TypeVar("T")
TAIL_LIMIT = 400
EVIDENCE_LIMIT = 40
QUESTION_LIMIT = 160


class Watched:
    """A `Vantage` that hands every question on to another one."""

    def __init__(
        self, vantage: Vantage, *, monotonic: Callable[[], float], budget_s: float
    ) -> None:
        self._vantage = vantage
        self._monotonic = monotonic
        self._budget_s = budget_s
        self._deadline = monotonic() + budget_s
        self._notes: list[Evidence] = []

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Return what was asked so far, the earliest first; what exceeds the limit is dropped."""
        return tuple(self._notes[:EVIDENCE_LIMIT])

    @property
    def where(self) -> str:
        """Hand on."""
        return self._vantage.where

    def hostname(self) -> str:
        """Hand on."""
        return self._vantage.hostname()

    def now(self) -> float:
        """Hand on."""
        return self._vantage.now()

    def env(self) -> Mapping[str, str]:
        """Hand on."""
        return self._vantage.env()

    def cwd(self) -> str:
        """Hand on."""
        return self._vantage.cwd()

    def uid(self) -> int:
        """Hand on."""
        return self._vantage.uid()

    def account(self) -> Optional[str]:
        """Hand on; it has a limit of its own."""
        return self._ask("look up the account", lambda _: self._vantage.account(), PATIENCE_S)

    def cpus(self) -> Cpus:
        """Hand on."""
        return self._vantage.cpus()

    def load(self) -> float:
        """Hand on."""
        return self._vantage.load()

    def limits(self) -> Mapping[str, Limit]:
        """Hand on."""
        return self._vantage.limits()

    def stat(self, path: str, *, timeout_s: float = PATIENCE_S) -> Stat:
        """Hand on, in time."""
        ask = self._vantage.stat
        return self._ask(f"stat {path}", lambda s: ask(path, timeout_s=s), timeout_s)

    def list_dir(self, path: str, *, timeout_s: float = PATIENCE_S) -> tuple[str, ...]:
        """Hand on, in time."""
        ask = self._vantage.list_dir
        return self._ask(f"list {path}", lambda s: ask(path, timeout_s=s), timeout_s)

    def read_text(self, path: str, *, timeout_s: float = PATIENCE_S) -> str:
        """Hand on, in time."""
        ask = self._vantage.read_text
        return self._ask(f"read {path}", lambda s: ask(path, timeout_s=s), timeout_s)

    def space(self, path: str, *, timeout_s: float = PATIENCE_S) -> Space:
        """Hand on, in time."""
        ask = self._vantage.space
        return self._ask(f"space {path}", lambda s: ask(path, timeout_s=s), timeout_s)

    def write_probe(
        self, directory: str, *, size_bytes: int, timeout_s: float = PATIENCE_S
    ) -> bool:
        """Hand on, in time."""
        ask = self._vantage.write_probe
        return self._ask(
            f"write {size_bytes} bytes in {directory}",
            lambda s: ask(directory, size_bytes=size_bytes, timeout_s=s),
            timeout_s,
        )

    def exec_probe(self, directory: str, *, timeout_s: float = PATIENCE_S) -> bool:
        """Hand on, in time."""
        ask = self._vantage.exec_probe
        what = f"execute in {directory}"
        return self._ask(what, lambda s: ask(directory, timeout_s=s), timeout_s)

    def run(self, argv: Sequence[str], *, timeout_s: float) -> Ran:
        """Hand on, in time; keep the exit code and the tails of the output."""
        ask = self._vantage.run
        return self._ask(" ".join(argv), lambda s: ask(argv, timeout_s=s), timeout_s)

    def resolve(self, host: str, *, timeout_s: float = PATIENCE_S) -> tuple[str, ...]:
        """Hand on, in time."""
        ask = self._vantage.resolve
        return self._ask(f"resolve {host}", lambda s: ask(host, timeout_s=s), timeout_s)

    def connect(self, host: str, port: int, *, timeout_s: float = PATIENCE_S) -> None:
        """Hand on, in time."""
        ask = self._vantage.connect
        self._ask(f"connect {host}:{port}", lambda s: ask(host, port, timeout_s=s), timeout_s)

    def fetch(self, url: str, *, timeout_s: float = PATIENCE_S) -> Answer:
        """Hand on, in time; keep the status and the end of the body."""
        ask = self._vantage.fetch
        return self._ask(f"GET {url}", lambda s: ask(url, timeout_s=s), timeout_s)

    def _ask(self, what: str, question: Callable[[float], T], timeout_s: float) -> T:
        begin = self._monotonic()
        try:
            answer = question(min(timeout_s, self._left(begin)))
        except VantageError as error:
            self._note(what, begin, None, error=str(error))
            raise
        self._note(what, begin, answer)
        return answer

    def _left(self, now: float) -> float:
        left = self._deadline - now
        if left <= 0:
            raise HangError(f"the check has used up its {self._budget_s:g} s")
        return left

    def _note(self, what: str, begin: float, answer: object, *, error: str = "") -> None:
        code, stdout, stderr = None, "", ""
        if isinstance(answer, Ran):
            code, stdout, stderr = answer.code, answer.stdout, answer.stderr
            error = f"killed after {answer.seconds:g} s" if answer.timed_out else ""
        elif isinstance(answer, Answer):
            code, stdout = answer.status, answer.body
        note = Evidence(
            what=one_line(what, limit=QUESTION_LIMIT),
            seconds=round(self._monotonic() - begin, 3),
            code=code,
            stdout_tail=tail(stdout, limit=TAIL_LIMIT),
            stderr_tail=tail(stderr, limit=TAIL_LIMIT),
            error=one_line(error, limit=QUESTION_LIMIT),
        )
        self._notes.append(note)
