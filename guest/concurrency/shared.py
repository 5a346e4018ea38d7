"""Pipes that several processes have open: since a fork the host keeps what is in them.

Whatever a process does to one is asked of the host; when something has changed for the others it
says so, and they look again. Pairs of sockets are two such pipes. Read from pipe(7), fork(2).
"""

from __future__ import annotations

import errno

from guest.concurrency.pipes import End
from guest.concurrency.pipes import Reader
from guest.concurrency.pipes import Writer
from guest.host import Refused
from guest.network.endpoint import Stream
from guest.network.home import failure
from guest.network.home import home
from guest.network.home import wait_until
from guest.network.local import LocalStream
from guest.network.numbers import numbers

PIECE = 65_536
"""Bytes that a socket asks for at a time, when it knows only that there are some."""


def _asked(kind, **args):
    try:
        return home.host.ask(kind, **args)
    except Refused as refusal:
        raise failure(refusal.number) from None


class SharedReader(End):
    """The end to read from."""

    def is_ready(self):
        """Tell whether a read would not block."""
        return _asked("pipe_state", pipe=self.pipe)[0]

    def poll_mask(self):
        """Return what poll(2) says of this end."""
        return _asked("pipe_state", pipe=self.pipe)[2]

    def receive(self, size, flags, timeout):
        """Return at most *size* bytes, or b"" at the end."""
        while True:
            text = _asked("pipe_read", pipe=self.pipe, count=size)
            if text is not None:
                return text.encode("latin-1")
            if timeout == 0:
                raise failure(errno.EAGAIN)
            wait_until(self.watchers, self.is_ready, timeout)

    def release(self):
        """The last descriptor of this process was closed."""
        _asked("pipe_close", pipe=self.pipe, end="reader")


class SharedWriter(End):
    """The end to write to."""

    def is_ready(self):
        """Tell whether a write would not block."""
        return _asked("pipe_state", pipe=self.pipe)[1]

    def poll_mask(self):
        """Return what poll(2) says of this end."""
        return _asked("pipe_state", pipe=self.pipe)[3]

    def send(self, data, flags, timeout):
        """Write *data*, or what there is room for unless it may block; return how much."""
        view = memoryview(data).cast("B")
        sent = 0
        while True:
            text = str(view[sent:], "latin-1")
            sent += _asked("pipe_write", pipe=self.pipe, data=text)
            if sent == len(view) or (sent and timeout == 0):
                return sent
            if timeout == 0:
                raise failure(errno.EAGAIN)
            wait_until(self.watchers, self.is_ready, timeout)

    def release(self):
        """The last descriptor of this process was closed."""
        _asked("pipe_close", pipe=self.pipe, end="writer")


class SharedStream(Stream):
    """The near end of a pair of sockets: one pipe to read from, one to write to."""

    source = target = 0

    # What came in and what has ended is looked for whenever somebody wants to know.

    @property
    def data(self):
        self._fetch()
        return self._data

    @data.setter
    def data(self, data):
        self._data = data

    @property
    def ended(self):
        self._fetch()
        return self._ended

    @ended.setter
    def ended(self, ended):
        self._ended = ended

    def _fetch(self):
        if not self._data and not self._ended:
            text = _asked("pipe_read", pipe=self.source, count=PIECE)
            self._data += (text or "").encode("latin-1")
            self._ended = text == ""

    def room(self):
        return PIECE if _asked("pipe_state", pipe=self.target)[1] else 0

    def send(self, data):
        text = str(data, "latin-1")
        while text:
            text = text[_asked("pipe_write", pipe=self.target, data=text) :]
            if text:
                wait_until(self.endpoint.watchers, lambda: self.room() > 0, None)

    def finish(self):
        _asked("pipe_close", pipe=self.target, end="writer")

    def close(self):
        _asked("pipe_close", pipe=self.target, end="writer")
        _asked("pipe_close", pipe=self.source, end="reader")


class Sharing:
    """What of the open pipes and pairs a fork makes common property."""

    def __init__(self):
        self._open = {}
        home.host.takers["pipe"] = self._changed

    def told(self):
        """Return what the host has to be told of those that are not shared yet, and keep them."""
        self._pipes = list(self._unshared())
        return [
            {"data": str(data, "latin-1"), "reader": bool(reader), "writer": bool(writer)}
            for data, reader, writer in self._pipes
        ]

    def _unshared(self):
        seen = set()
        for number in sorted(numbers.table):
            each = numbers.table[number]
            stream = getattr(each, "stream", None)
            if isinstance(each, (Reader, Writer)) and id(each.data) not in seen:
                seen.add(id(each.data))
                reader, writer = (each, each.other) if type(each) is Reader else (each.other, each)
                yield each.data, reader if reader.refs else None, writer if writer.refs else None
            elif self._is_pair(stream) and id(stream) not in seen:
                seen.update((id(stream), id(stream.other)))
                yield stream.data, stream, stream.other
                yield stream.other.data, stream.other, stream

    def _is_pair(self, stream):
        """Tell whether both ends of *stream* are open here."""
        return (
            type(stream) is LocalStream
            and stream.other is not None
            and bool(stream.other.endpoint.refs)
        )

    def share(self, given):
        """Let the host have them from now on, by the numbers *given*."""
        streams = {}
        for index, (_, reader, writer) in enumerate(self._pipes):
            pipe = given[index]
            for end, kind, name in (
                (reader, SharedReader, "source"),
                (writer, SharedWriter, "target"),
            ):
                if isinstance(end, LocalStream):
                    streams.setdefault(end, {})[name] = pipe
                elif end is not None:
                    end.__class__, end.pipe = kind, pipe
                    self._watch(pipe, end)
        for old, pipes in streams.items():
            self._replace(old, **pipes)
        self._pipes = []

    def _replace(self, old, source, target):
        endpoint = old.endpoint
        stream = endpoint.stream = SharedStream.__new__(SharedStream)
        stream._data, stream._ended = bytearray(), False
        stream.endpoint, stream.source, stream.target = endpoint, source, target
        stream.is_left = False
        self._watch(source, endpoint)
        self._watch(target, endpoint)

    def _watch(self, pipe, end):
        self._open.setdefault(pipe, []).append(end)

    def _changed(self, item):
        for end in self._open.get(int(item["key"].partition("-")[2]), ()):
            end.changed()
