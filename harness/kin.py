"""The real processes behind a guest and its forked copies: how long they stay, and how they end."""

from __future__ import annotations

import errno
import os
import random
import signal
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.guests import GuestProcess

WORD_BITS = 32


@dataclass(slots=True, eq=False)
class Copy:
    """The real process of a copy, which is not a child of ours: *handle* is a pidfd, if known."""

    pid: int
    handle: int = -1

    def wait(self, _timeout: float | None = None) -> int:
        """Nobody but its parent may wait for it."""
        raise ChildProcessError(errno.ECHILD, "a copy of a guest")

    def end(self) -> None:
        """End it, if it has not: most have, when their wire was closed."""
        if self.handle >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            os.close(self.handle)
            self.handle = -1


@dataclass(slots=True)
class Kin:
    """The real processes of a guest and of its copies.

    A process that has made copies stays to the end of all: in a pid namespace they would end with
    it. *word* is what the kernel wants to hear from whoever makes one. *seen* tells whether the
    host's kernel knows them by the same pids as they do.
    """

    word: int
    seen: bool = False
    members: list[GuestProcess] = field(default_factory=list)

    def known(self, real: int) -> Copy | None:
        """Return the copy that is *real* to the kernel, if a member of ours has made that one."""
        try:
            handle = os.pidfd_open(real)
        except OSError:
            return None
        # After the handle was had: this pid cannot become another process's any more.
        if parent_of(real) in [each.child.pid for each in self.members if each.has_copies]:
            return Copy(real, handle)
        os.close(handle)
        return None

    def left(self, member: GuestProcess) -> None:
        """*member* is over; what nobody needs any more goes."""
        if member is not self.members[0] and not member.has_copies:
            member.close()
        if all(each.over for each in self.members):
            for each in reversed(self.members):
                each.close()


def new_word() -> int:
    """Return a word that no program can guess; all have the same length."""
    return random.SystemRandom().getrandbits(WORD_BITS) | 1 << WORD_BITS - 1


def parent_of(pid: int) -> int:
    """Return the real parent of *pid*, 0 if there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return int(fields.rpartition(") ")[2].split()[1])
