"""``subprocess.Popen`` for the processes of the simulated node.

A child is started by the host, at this instant. What took no virtual time is over when the
answer comes; for the rest, output and end arrive as items at their own time. Not modelled:
``pass_fds`` and ``preexec_fn`` beyond setsid/setpgrp; input is handed over as a whole.
Read from CPython 3.11 Lib/subprocess.py.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys

from guest.host import Refused
from guest.host import place
from guest.processes.children import status_of

PIPE, STDOUT, DEVNULL = subprocess.PIPE, subprocess.STDOUT, subprocess.DEVNULL
TimeoutExpired = subprocess.TimeoutExpired


class Pipe(io.RawIOBase):
    """The reading end of a child's stream; read() blocks the strand, not the interpreter."""

    def __init__(self, hub, number):
        self._hub = hub
        self._number = number
        self._data = bytearray()
        self._ended = False
        self._waiters = []

    def feed(self, data):
        """Append what the child has written."""
        self._data += data
        self._wake()

    def end(self):
        """The child has closed its end."""
        self._ended = True
        self._wake()

    def _wake(self):
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            self._hub.wake(waiter, True)

    def is_ready(self):
        """Tell whether a read would not block."""
        return bool(self._data) or self._ended

    def wait_ready(self, timeout=None):
        """Block until a read would not; return False if *timeout* seconds passed before."""
        if self.is_ready():
            return True
        waiter = self._hub.waiter()
        self._waiters.append(waiter)
        return self._hub.wait(waiter, timeout) is True

    def take_all(self):
        """Block until the end and return everything that was not read yet."""
        while not self._ended:
            waiter = self._hub.waiter()
            self._waiters.append(waiter)
            self._hub.wait(waiter)
        data = bytes(self._data)
        self._data.clear()
        return data

    def readable(self):
        return True

    def fileno(self):
        return self._number

    def readinto(self, buffer):
        self.wait_ready()
        count = min(len(buffer), len(self._data))
        buffer[:count] = self._data[:count]
        del self._data[:count]
        return count


class Input(io.BytesIO):
    """The writing end of a child's stdin: the child starts when it is closed."""

    def __init__(self, begin):
        super().__init__()
        self._begin = begin

    def close(self):
        if not self.closed:
            data = self.getvalue()
            super().close()
            self._begin(data)


# What a stream is after communicate() has emptied it.
SPENT, SPENT_TEXT = io.BytesIO(), io.StringIO()
SPENT.close()
SPENT_TEXT.close()


class Sink:
    """Where one stream of a child goes: a pipe, a file of the program, or nowhere."""

    __slots__ = ("fd", "pipe")

    def __init__(self, pipe=None, fd=None):
        self.pipe = pipe
        self.fd = fd

    def put(self, data):
        if self.pipe is not None:
            self.pipe.feed(data)
        elif self.fd is not None:
            os.write(self.fd, data)

    def end(self):
        if self.pipe is not None:
            self.pipe.end()
        elif self.fd is not None:
            os.close(self.fd)
            self.fd = None


def make_popen(hub, host, root, children):
    """Return the Popen class of this guest."""
    last_env = [None]
    pipes = {}
    alive = {}

    def take(item):
        child = alive.get(item["key"])
        if child is not None:
            child._take(item)

    host.takers["spawn"] = take

    def environment(env):
        # Sent only when it differs from the last one: some pilots start a ps every second.
        if env is None:
            if os.environ._data == last_env[0]:
                return None
            last_env[0] = dict(os.environ._data)
            return dict(os.environ)
        last_env[0] = None
        return {os.fsdecode(name): os.fsdecode(value) for name, value in env.items()}

    class Popen:
        """A process of the simulated node."""

        def __init__(
            self,
            args,
            bufsize=-1,
            executable=None,
            stdin=None,
            stdout=None,
            stderr=None,
            preexec_fn=None,
            close_fds=True,
            shell=False,
            cwd=None,
            env=None,
            universal_newlines=None,
            startupinfo=None,
            creationflags=0,
            restore_signals=True,
            start_new_session=False,
            pass_fds=(),
            *,
            user=None,
            group=None,
            extra_groups=None,
            encoding=None,
            errors=None,
            text=None,
            umask=-1,
            pipesize=-1,
            process_group=None,
        ):
            self.args = args
            self.pid = None
            self.returncode = None
            self.encoding, self.errors = encoding, errors
            self.text_mode = bool(encoding or errors or text or universal_newlines)
            self.universal_newlines = self.text_mode
            self.stdin = None
            self._streams = {}
            self._bufsize = bufsize
            self._signal = 0
            self._waiters = []
            self._argv = _argv(args, shell, executable)
            here = os.getcwd()
            self._cwd = os.path.abspath(os.fspath(cwd)) if cwd else here
            if self._cwd != here and not os.path.isdir(self._cwd):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self._cwd)
            self._env = environment(env)
            self._session = start_new_session or preexec_fn in (os.setsid, os.setpgrp)
            self._out = self._sink(stdout, "stdout", bufsize)
            self._err = self._out if stderr == STDOUT else self._sink(stderr, "stderr", bufsize)
            self._joined = stderr == STDOUT
            if stdin == PIPE:
                raw = Input(self._start)
                self.stdin = io.TextIOWrapper(raw, write_through=True) if self.text_mode else raw
            else:
                self._start(_content(stdin))

        def _sink(self, target, name, bufsize):
            if target == PIPE:
                self._streams[name] = None
                pipe = Pipe(hub, 100_000 + 2 * len(pipes) + (name == "stderr"))
                pipes[pipe.fileno()] = pipe
                return Sink(pipe=pipe)
            if target == DEVNULL:
                return Sink()
            if target is None:
                target = 1 if name == "stdout" else 2
            elif not isinstance(target, int):
                target.flush()
                target = target.fileno()
            return Sink(fd=os.dup(target))

        def _stream(self, name, sink):
            # Made when somebody looks: communicate() does without, and pilots start thousands.
            stream = self._streams.get(name)
            if stream is None and name in self._streams:
                stream = io.BufferedReader(sink.pipe)
                if self.text_mode:
                    encoding = self.encoding or "utf-8"
                    stream = io.TextIOWrapper(stream, encoding=encoding, errors=self.errors)
                self._streams[name] = stream
            return stream

        @property
        def stdout(self):
            return self._stream("stdout", self._out)

        @stdout.setter
        def stdout(self, stream):
            self._streams["stdout"] = stream

        @property
        def stderr(self):
            return self._stream("stderr", self._err)

        @stderr.setter
        def stderr(self, stream):
            self._streams["stderr"] = stream

        def _start(self, data):
            self._key = f"spawn-{len(alive) + 1}"
            alive[self._key] = self
            try:
                answer = host.ask(
                    "spawn",
                    key=self._key,
                    argv=self._argv,
                    cwd=self._cwd,
                    env=self._env,
                    stdin=data.decode("utf-8", "surrogateescape") if data else "",
                    session=self._session,
                    place=place(root),
                )
            except Refused as refusal:
                alive[self._key] = None
                raise OSError(refusal.number, refusal.text, self._argv[0]) from None
            self.pid = answer["pid"]
            if "code" in answer:
                self._take(answer)
            else:
                children.born(self.pid, self)

        def _take(self, item):
            if item.get("out"):
                self._out.put(item["out"].encode("utf-8", "surrogateescape"))
            if item.get("err"):
                self._err.put(item["err"].encode("utf-8", "surrogateescape"))
            if "code" in item:
                self._signal = item["signal"]
                self._status = -item["signal"] if item["signal"] else item["code"]
                self._out.end()
                if not self._joined:
                    self._err.end()
                alive[self._key] = None
                children.ended(self.pid, status_of(item["code"], item["signal"]))
                waiters, self._waiters = self._waiters, []
                for waiter in waiters:
                    hub.wake(waiter, True)

        def _over(self):
            if self.returncode is None and hasattr(self, "_status"):
                self.returncode = self._status
                children.collected(self.pid)
            return self.returncode is not None

        def poll(self):
            self._over()
            return self.returncode

        def wait(self, timeout=None):
            self._close_input()
            if not self._over():
                waiter = hub.waiter()
                self._waiters.append(waiter)
                if hub.wait(waiter, timeout) is None and not self._over():
                    raise TimeoutExpired(self.args, timeout)
                self._over()
            return self.returncode

        def communicate(self, input=None, timeout=None):
            if self.stdin is not None and not self.stdin.closed:
                if input:
                    self.stdin.write(input)
                self._close_input()
            try:
                self.wait(timeout)
            except TimeoutExpired as error:
                error.output = self._so_far(self._out)
                raise
            return self._rest("stdout", self._out), self._rest("stderr", self._err)

        def _so_far(self, sink):
            return bytes(sink.pipe._data) if sink.pipe is not None else None

        def _rest(self, name, sink):
            if name not in self._streams:
                return None
            stream = self._streams[name]
            if stream is None:
                self._streams[name] = SPENT_TEXT if self.text_mode else SPENT
                return self._decoded(sink.pipe.take_all())
            if stream.closed:
                return "" if self.text_mode else b""
            data = stream.read()
            stream.close()
            return data

        def _decoded(self, data):
            if not self.text_mode:
                return data
            text = data.decode(self.encoding or "utf-8", self.errors or "strict")
            return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

        def _close_input(self):
            if self.stdin is not None and not self.stdin.closed:
                if self.text_mode:
                    self.stdin.flush()
                self.stdin.close()

        def send_signal(self, number):
            if not self._over():
                os.kill(self.pid, number)

        def terminate(self):
            self.send_signal(signal.SIGTERM)

        def kill(self):
            self.send_signal(signal.SIGKILL)

        def __enter__(self):
            return self

        def __exit__(self, *exc_info):
            for stream in (self.stdout, self.stderr):
                if stream is not None:
                    stream.close()
            self._close_input()
            self.wait()

        def __repr__(self):
            return f"<Popen: returncode: {self.returncode} args: {self.args!r:.80}>"

        def __class_getitem__(cls, item):
            return cls

    Popen.pipes = pipes
    return Popen


def _argv(args, shell, executable):
    if isinstance(args, (str, bytes, os.PathLike)):
        argv = [os.fsdecode(args)]
    else:
        argv = [os.fsdecode(each) for each in args]
    if shell:
        return ["/bin/sh", "-c", *argv]
    if executable:
        argv[0] = os.fsdecode(executable)
    return argv


def _content(stdin):
    if stdin in (None, DEVNULL):
        return b""
    number = stdin if isinstance(stdin, int) else stdin.fileno()
    with os.fdopen(os.dup(number), "rb") as source:
        return source.read()


def install(popen):
    """Put *popen* where programs find it."""
    subprocess.Popen = popen

    def system(command):
        sys.stdout.flush()
        child = popen(command, shell=True)
        child.wait()
        return status_of(max(child.returncode, 0), max(-child.returncode, 0))

    os.system = system
