"""``subprocess.Popen`` for the processes of the simulated node.

A child is started by the host, at this instant. What took no virtual time is over when the
answer comes; for the rest, output and end arrive as items at their own time. Not modelled:
``pass_fds`` and ``preexec_fn`` beyond setsid/setpgrp. Input is handed over as a whole, unless the
program flushes it, or looks at the child before: then it is fed, as it comes.
Read from CPython 3.11 Lib/subprocess.py.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys

from guest.processes.children import status_of
from guest.processes.pipes import SPENT
from guest.processes.pipes import SPENT_TEXT
from guest.processes.pipes import Buffer
from guest.processes.pipes import Input
from guest.processes.pipes import Pipe
from guest.processes.pipes import Sink
from guest.processes.pipes import TextInput

PIPE, STDOUT, DEVNULL = subprocess.PIPE, subprocess.STDOUT, subprocess.DEVNULL
TimeoutExpired = subprocess.TimeoutExpired


class Popen:
    """A process of the simulated node."""

    nursery = None

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
        self._pid = self._input = None
        self.returncode = None
        self.encoding, self.errors = encoding, errors
        self.text_mode = bool(encoding or errors or text or universal_newlines)
        self.universal_newlines = self.text_mode
        self.stdin = None
        self._streams = {}
        self._status = None
        self._waiters = []
        self.feeders = []
        here = os.getcwd()
        cwd = here if cwd is None or cwd == here else os.path.abspath(os.fsdecode(cwd))
        if cwd != here and not os.path.isdir(cwd):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), cwd)
        session = start_new_session or preexec_fn in (os.setsid, os.setpgrp)
        self._out = self._sink(stdout, "stdout")
        self._joined = stderr == STDOUT
        self._err = self._out if self._joined else self._sink(stderr, "stderr")
        argv = _argv(args, shell, executable)

        def begin(data, *, feed=False):
            self.nursery.begin(self, argv, cwd, env, session, data, feed)

        if stdin == PIPE:
            self.stdin = self._input_of(begin, bufsize)
        else:
            begin(_content(stdin))

    def _input_of(self, begin, bufsize):
        at_once = bufsize == 0 and not self.text_mode
        raw = self._input = Input(begin, self._feed, at_once=at_once)
        if not self.text_mode:
            return raw
        return TextInput(
            raw,
            encoding=self.encoding or "utf-8",
            errors=self.errors,
            write_through=True,
            line_buffering=bufsize == 1,
        )

    def _feed(self, data, *, end):
        self.nursery.feed(self, data, end)

    @property
    def pid(self):
        """The pid of the child, which runs from now on at the latest."""
        if self._pid is None and self._input is not None:
            self._input.begin()
        return self._pid

    @pid.setter
    def pid(self, pid):
        self._pid = pid

    def _sink(self, target, name):
        if target == PIPE:
            self._streams[name] = None
            return Sink(pipe=Buffer(self.nursery.hub, self.nursery.pipes))
        if target == DEVNULL:
            return Sink()
        if target is None:
            target = 1 if name == "stdout" else 2
        elif not isinstance(target, int):
            target.flush()
            target = target.fileno()
        return Sink(fd=os.dup(target))

    # -- streams

    def _look(self):
        if self._input is not None:
            self._input.begin()

    def _stream(self, name, sink):
        # Made when somebody looks: communicate() does without, and pilots start thousands.
        stream = self._streams.get(name)
        if stream is None and name in self._streams:
            stream = io.BufferedReader(Pipe(sink.pipe))
            if self.text_mode:
                encoding = self.encoding or "utf-8"
                stream = io.TextIOWrapper(stream, encoding=encoding, errors=self.errors)
            self._streams[name] = stream
        return stream

    @property
    def stdout(self):
        self._look()
        return self._stream("stdout", self._out)

    @stdout.setter
    def stdout(self, stream):
        self._streams["stdout"] = stream

    @property
    def stderr(self):
        self._look()
        return self._stream("stderr", self._err)

    @stderr.setter
    def stderr(self, stream):
        self._streams["stderr"] = stream

    # -- what the host says

    def take(self, item):
        """Take output, or the end, of this child."""
        if "room" in item:
            self._wake_feeders()
        if item.get("out"):
            self._out.put(item["out"].encode("utf-8", "surrogateescape"))
        if item.get("err"):
            self._err.put(item["err"].encode("utf-8", "surrogateescape"))
        if "code" in item:
            self._end(item["code"], item["signal"], held=item.get("held", False))
        elif item.get("closed"):
            self._close_output()

    def _end(self, code, number, *, held):
        self._status = -number if number else code
        # A process that it left behind may hold the output open: whoever reads it waits on.
        if not held:
            self._close_output()
        self.nursery.children.ended(self._pid, status_of(code, number))
        self._wake_feeders()
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            self.nursery.hub.wake(waiter, True)

    def _close_output(self):
        self._out.end()
        if not self._joined:
            self._err.end()

    def _wake_feeders(self):
        feeders, self.feeders = self.feeders, []
        for waiter in feeders:
            self.nursery.hub.wake(waiter, True)

    # -- waiting

    def poll(self):
        self._look()
        if self.returncode is None and self._status is not None:
            self.returncode = self._status
            self.nursery.children.collected(self.pid)
        return self.returncode

    def wait(self, timeout=None):
        if self.stdin is not None:
            self._close_input()
        if self.poll() is None:
            waiter = self.nursery.hub.waiter()
            self._waiters.append(waiter)
            self.nursery.hub.wait(waiter, timeout)
            if self.poll() is None:
                raise TimeoutExpired(self.args, timeout)
        return self.returncode

    def communicate(self, input=None, timeout=None):
        if self.stdin is not None and not self.stdin.closed:
            if input:
                self.stdin.write(input)
            self._close_input()
        try:
            until = None if timeout is None else self.nursery.hub.now + timeout
            self.wait(timeout)
            self._wait_for_output(until)
        except TimeoutExpired as error:
            pipe = self._out.pipe
            error.output = None if pipe is None else pipe.so_far()
            raise
        return self._rest("stdout", self._out), self._rest("stderr", self._err)

    def _wait_for_output(self, until):
        for sink in (self._out, self._err):
            if until is not None and sink.pipe is not None and not sink.pipe.ends_by(until):
                raise TimeoutExpired(self.args, 0.0)

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
        if not self.stdin.closed:
            if self.text_mode:
                self.stdin.flush()
            self.stdin.close()

    # -- signals

    def send_signal(self, number):
        if self.poll() is None:
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
        if self.stdin is not None:
            self._close_input()
        self.wait()

    def __repr__(self):
        return f"<Popen: returncode: {self.returncode} args: {self.args!r:.80}>"

    def __class_getitem__(cls, item):
        return cls


def _argv(args, shell, executable):
    if isinstance(args, (str, bytes, os.PathLike)):
        argv = [os.fsdecode(args)]
    else:
        argv = [each if type(each) is str else os.fsdecode(each) for each in args]
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


def system(command):
    """Stand in for ``os.system``."""
    sys.stdout.flush()
    child = Popen(command, shell=True)
    child.wait()
    return status_of(max(child.returncode, 0), max(-child.returncode, 0))


def install(nursery):
    """Put the class where programs find it; its children begin in *nursery*."""
    Popen.nursery = nursery
    subprocess.Popen = Popen
    os.system = system
