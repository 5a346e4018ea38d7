"""Run a command of the real machine, and get rid of it in time.

A session of its own, SIGKILL to the whole process group at the limit, bounded output, and no
wait for a grandchild that keeps the pipes open, nor for a process that not even SIGKILL ends.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from errno import errorcode
from typing import IO
from typing import Mapping
from typing import Optional
from typing import Sequence

from siteverify._forked import kill_group
from siteverify.vantage import FaultError
from siteverify.vantage import ForbiddenError
from siteverify.vantage import MissingError
from siteverify.vantage import Ran

OUTPUT_LIMIT = 65536  # bytes kept of each stream; the rest is read and dropped
CHUNK = 65536
STEP_S = 0.05
REAP_S = 1.0


def run_command(argv: Sequence[str], *, timeout_s: float, env: Mapping[str, str]) -> Ran:
    """Run *argv* and return how it ended; raise MissingError, ForbiddenError or FaultError."""
    begin = time.monotonic()
    process = _start(argv, env)
    outputs = _Outputs(process)
    in_time = outputs.gather(process, until=begin + timeout_s)
    kill_group(process.pid)  # what is left: the command itself, or its descendants
    code = _code(process)
    stdout, stderr = outputs.close()
    seconds = round(time.monotonic() - begin, 3)
    return Ran(code, stdout, stderr, timed_out=not in_time, seconds=seconds)


def _start(argv: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**env, "LC_ALL": "C"},
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise MissingError(f"no program {argv[0]}") from error
    except PermissionError as error:
        raise ForbiddenError(f"may not run {argv[0]}") from error
    except OSError as error:
        raise FaultError(f"cannot run {argv[0]}", _name_of(error)) from error


def _name_of(error: OSError) -> str:
    return errorcode.get(error.errno or 0, "EUNKNOWN")


def _code(process: subprocess.Popen[bytes]) -> Optional[int]:
    try:
        return process.wait(REAP_S)
    except subprocess.TimeoutExpired:
        return None  # state D; init will have it


class _Outputs:
    """Both output streams of a process, read as they come."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        self._streams: tuple[IO[bytes], IO[bytes]] = (process.stdout, process.stderr)
        self._kept = (bytearray(), bytearray())
        self._selector = selectors.DefaultSelector()
        for number, stream in enumerate(self._streams):
            os.set_blocking(stream.fileno(), False)
            self._selector.register(stream, selectors.EVENT_READ, number)

    def gather(self, process: subprocess.Popen[bytes], *, until: float) -> bool:
        """Read until *process* has ended; tell whether it did so in time."""
        while process.poll() is None:
            left = until - time.monotonic()
            if left <= 0:
                return False
            if not self._selector.get_map():
                return self._wait(process, left)
            self._read(min(left, STEP_S))
        while self._read(0.0):
            pass
        return True

    def close(self) -> tuple[str, str]:
        """Return what was read."""
        self._selector.close()
        for stream in self._streams:
            stream.close()
        first, second = (bytes(kept).decode("utf-8", "replace") for kept in self._kept)
        return first, second

    def _wait(self, process: subprocess.Popen[bytes], left: float) -> bool:
        try:
            process.wait(left)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _read(self, patience_s: float) -> bool:
        """Read what there is; tell whether there was anything."""
        ready = self._selector.select(patience_s)
        for key, _ in ready:
            chunk = os.read(key.fd, CHUNK)
            if not chunk:
                self._selector.unregister(key.fileobj)
            kept = self._kept[key.data]
            kept += chunk[: max(0, OUTPUT_LIMIT - len(kept))]
        return bool(ready)
