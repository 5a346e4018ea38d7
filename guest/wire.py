"""The guest's end of the seam: length-prefixed JSON over one socket pair.

    guest -> host   {"m": "ask"|"note"|"idle"|"exit", "t": seconds, ...}
    host -> guest   {"m": "answer", ...} to an ask, {"m": "run", "t", "until", "items"} to an idle;
                    both with "table", the state of the process table, and "pid", the next free one;
                    {"m": "look", "at": [names]} at any time, which is answered with "looked" first

Behind the answer to "fork" one more byte comes from the host, with a descriptor: the wire of the
copy, to which the host sends a "run" first (guest/processes/forking.py).

An *ask* is answered at once, at the same instant. What takes virtual time is asked for, and
its end arrives later as an item of a run. The framing uses plain file descriptors: it works
before and below every replacement that the guest makes.
"""

from __future__ import annotations

from posix import readv
from posix import write

HEADER = 4


class HostLost(BaseException):
    """The host has gone: nothing sensible is left to do."""


class Wire:
    """Frames of JSON on *fd*; *codec* is the json module, handed in because it comes late."""

    def __init__(self, fd):
        self.fd = fd
        self.encode = None
        self.decode = None
        self.looks = {}

    def use(self, json):
        """Take the encoder and decoder from the json module."""
        self.encode = json.JSONEncoder(separators=(",", ":")).encode
        self.decode = json.JSONDecoder().decode

    def send(self, message):
        """Send one message."""
        body = self.encode(message).encode("utf-8", "surrogatepass")
        data = len(body).to_bytes(HEADER, "big") + body
        while data:
            data = data[write(self.fd, data) :]

    def receive(self):
        """Return the next message; raises HostLost at the end of the stream."""
        message = self._next()
        while message.get("m") == "look":
            # What the host wants to see is told without any strand running in between.
            seen = {name: self.looks[name]() for name in message["at"]}
            self.send({"m": "looked", "t": None, "seen": seen})
            message = self._next()
        return message

    def _next(self):
        length = int.from_bytes(self._take(HEADER), "big")
        return self.decode(self._take(length).decode("utf-8", "surrogatepass"))

    def _take(self, count):
        # In one buffer of the right size, in however many pieces the bytes come: how many is a
        # matter of real time, and must not show in where the program's objects lie.
        taken = bytearray(count)
        view = memoryview(taken)
        got = 0
        while got < count:
            more = readv(self.fd, [view[got:]])
            if not more:
                raise HostLost
            got += more
        return taken
