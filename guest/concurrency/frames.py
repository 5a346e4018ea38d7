"""What threads are doing: ``sys._current_frames`` and ``faulthandler``, by strand.

Read from CPython 3.11: Python/traceback.c (_Py_DumpTracebackThreads), Modules/faulthandler.c.
"""

from __future__ import annotations

import faulthandler
import os
import sys

from greenlet import getcurrent

FRAMES_MAX = 100
OURS = __file__.rpartition("/concurrency/")[0] + "/"


class Frames:
    """Looks at the threads of this guest, and reports their stacks."""

    def __init__(self, threads):
        self._threads = threads
        self._hub = threads.hub
        self._alarm = None
        self._handlers = {}

    def current_frames(self):
        """Stand for ``sys._current_frames``."""
        return {strand.ident: frame for strand, frame in self._stacks(sys._getframe(1))}

    def current_exceptions(self):
        """Stand for ``sys._current_exceptions``: only that of the calling thread is known."""
        mine, raised = getcurrent().ident, sys.exc_info()
        if sys.version_info >= (3, 12):
            raised = raised[1]
        nothing = None if sys.version_info >= (3, 12) else (None, None, None)
        return {
            strand.ident: raised if strand.ident == mine else nothing
            for strand, _ in self._stacks(sys._getframe(1))
        }

    def _stacks(self, mine):
        me = getcurrent()
        for strand in (self._hub.main, *self._threads.alive.values()):
            frame = mine if strand is me else strand.gr_frame
            if frame is not None:
                yield strand, _below_ours(frame)

    def dump(self, file=None, all_threads=True):
        """Stand for ``faulthandler.dump_traceback``."""
        out = _number_of(file)
        mine = sys._getframe(1)
        os.write(out, self._text(mine, all_threads).encode("ascii", "backslashreplace"))

    def dump_later(self, timeout, repeat=False, file=None, exit=False):
        """Stand for ``faulthandler.dump_traceback_later``."""
        if timeout <= 0:
            raise ValueError("timeout must be greater than 0")
        out = _number_of(file)
        self.cancel()
        alarm = self._alarm = object()
        self._hub.spawn(lambda: self._watch(alarm, timeout, repeat, out, exit))

    def cancel(self):
        """Stand for ``faulthandler.cancel_dump_traceback_later``."""
        self._alarm = None

    def _watch(self, alarm, timeout, repeat, out, leave):
        while True:
            self._hub.sleep(timeout)
            if self._alarm is not alarm:
                return
            text = f"Timeout ({_duration(timeout)})!\n" + self._text(None, True)
            os.write(out, text.encode("ascii", "backslashreplace"))
            if leave:
                os._exit(1)
            if not repeat:
                return

    def register(self, signum, file=None, all_threads=True, chain=False):
        """Stand for ``faulthandler.register``."""
        import signal

        out = _number_of(file)
        before = signal.getsignal(signum)

        def handler(number, frame):
            text = self._text(frame, all_threads)
            os.write(out, text.encode("ascii", "backslashreplace"))
            if chain and callable(before):
                before(number, frame)

        signal.signal(signum, handler)
        self._handlers.setdefault(signum, before)

    def unregister(self, signum):
        """Stand for ``faulthandler.unregister``."""
        import signal

        if signum not in self._handlers:
            return False
        signal.signal(signum, self._handlers.pop(signum))
        return True

    def _text(self, mine, all_threads):
        if not all_threads:
            return "Stack (most recent call first):\n" + _lines(mine)
        parts = []
        # Newest first, as the interpreter keeps them.
        for strand, frame in reversed(list(self._stacks(mine))):
            which = "Current thread" if strand is getcurrent() else "Thread"
            head = f"{which} 0x{strand.ident:016x} (most recent call first):\n"
            parts.append(head + _lines(frame))
        return "\n".join(parts)


def _below_ours(frame):
    """Return the innermost frame that is the program's own: we wait on its behalf."""
    inner = frame
    while frame is not None and frame.f_code.co_filename.startswith(OURS):
        frame = frame.f_back
    return frame or inner


def _lines(frame):
    lines = []
    while frame is not None and len(lines) < FRAMES_MAX:
        code = frame.f_code
        if not code.co_filename.startswith(OURS):
            lines.append(f'  File "{code.co_filename}", line {frame.f_lineno} in {code.co_name}\n')
        frame = frame.f_back
    return "".join(lines)


def _number_of(file):
    file = sys.stderr if file is None else file
    if isinstance(file, int):
        return file
    file.flush()
    return file.fileno()


def _duration(seconds):
    whole, rest = divmod(round(seconds * 1e6), 1_000_000)
    text = f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{text}.{rest:06d}" if rest else text


def install(threads):
    """Replace the functions of ``sys`` and ``faulthandler``; its handlers of faults stay real."""
    frames = Frames(threads)
    sys._current_frames = frames.current_frames
    if hasattr(sys, "_current_exceptions"):
        sys._current_exceptions = frames.current_exceptions
    faulthandler.dump_traceback = frames.dump
    faulthandler.dump_traceback_later = frames.dump_later
    faulthandler.cancel_dump_traceback_later = frames.cancel
    faulthandler.register = frames.register
    faulthandler.unregister = frames.unregister
