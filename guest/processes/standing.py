"""Answers that stand: what a command wrote, as long as the process table does not change.

Some pilots run the same ``ps`` every second. The host, which knows what a command looks at, says
of an answer that it will be the same again, but for the fresh pids in it; until the table
changes such a command is answered here, at no message. What was answered so is told to the host
with the next message, before anything else happens. Now and then the host is asked all the same,
and compares.
"""

from __future__ import annotations

from guest.processes.fresh import cut

USES_MAX = 200
"""How often an answer is used before the host is asked again."""


class Answer:
    """One answer that stands: *pieces* are its texts, and offsets of fresh pids between them."""

    __slots__ = ("avoid", "code", "digits", "err", "number", "pids", "pieces", "uses")

    def __init__(self, answer):
        stands = answer["stands"]
        first = answer["pid"]
        self.number = stands["number"]
        self.pids = stands["pids"]
        self.avoid = stands["avoid"]
        self.code = answer["code"]
        self.err = answer.get("err", "")
        self.pieces = cut(answer.get("out", ""), first, self.pids)
        self.digits = len(str(first + self.pids - 1))
        self.uses = 0

    def fits(self, first):
        """Tell whether fresh pids from *first* on would not change what was written."""
        last = first + self.pids - 1
        if len(str(first)) != self.digits or len(str(last)) != self.digits:
            return False
        if not self.avoid:
            return True
        fresh = range(first, last + 1)
        return not any(each in str(pid) for pid in fresh for each in self.avoid)

    def text(self, first):
        """Return what is written when the fresh pids begin at *first*."""
        pieces = self.pieces
        if len(pieces) == 1:
            return pieces[0]
        return "".join([each if isinstance(each, str) else str(first + each) for each in pieces])


class Standing:
    """The answers that stand in this guest, by what was asked."""

    def __init__(self, host):
        self._host = host
        self._table = None
        self._answers = {}

    def learn(self, asked, answer):
        """Keep *answer* if the host says that it stands."""
        self._renew()
        if "stands" in answer:
            self._answers[asked] = Answer(answer)
        else:
            self._answers.pop(asked, None)

    def recall(self, asked):
        """Return the answer to what was *asked*, as the host would give it, or None."""
        answer = self._answers.get(asked)
        if answer is None:
            return None
        host = self._host
        if host.table != self._table:
            self._renew()
            return None
        first = host.next_pid
        if answer.uses >= USES_MAX or not answer.fits(first):
            return None
        answer.uses += 1
        host.next_pid = first + answer.pids
        host.stood[answer.number] = host.stood.get(answer.number, 0) + 1
        return {
            "pid": first,
            "out": answer.text(first),
            "err": answer.err,
            "code": answer.code,
            "signal": 0,
        }

    def _renew(self):
        if self._host.table != self._table:
            self._table = self._host.table
            self._answers.clear()
