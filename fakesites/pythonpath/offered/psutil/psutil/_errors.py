"""What psutil raises. Read from psutil 7.0: psutil/_common.py."""

from __future__ import annotations


class Error(Exception):
    """Whatever psutil raises by itself."""

    _words = "process"

    def __init__(self, pid=None, name=None, msg=None):
        super().__init__(msg)
        self.pid, self.name = pid, name
        self.msg = msg or self._words
        if pid is not None:
            known = f", name={name!r}" if name else ""
            self.text = f"{self.msg} (pid={pid}{known})"
        else:
            self.text = self.msg

    def __str__(self):
        return self.text

    def __repr__(self):
        known = "".join(
            f"{key}={value!r}, " for key, value in (("pid", self.pid), ("name", self.name)) if value
        )
        return f"psutil.{type(self).__name__}({known}msg={self.msg!r})"


class NoSuchProcess(Error):
    """There is no process of that pid, or not any more."""

    _words = "process no longer exists"


class ZombieProcess(NoSuchProcess):
    """It has ended, and its parent has not waited for it."""

    _words = "PID still exists but it's a zombie"

    def __init__(self, pid, name=None, ppid=None, msg=None):
        super().__init__(pid, name, msg)
        self.ppid = ppid


class AccessDenied(Error):
    """It is another user's."""

    _words = ""


class TimeoutExpired(Error):
    """A process goes on."""

    def __init__(self, seconds, pid=None, name=None):
        super().__init__(pid, name, f"timeout after {seconds} seconds")
        self.seconds = seconds
