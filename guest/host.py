"""What the rest of the guest asks of the host: ask, note, await, idle, exit."""

from __future__ import annotations

import sys

OUR_FOLDER = __file__.rpartition("/")[0] + "/"


class Refused(Exception):
    """The host would not do it; *number* is the errno to raise, *text* says why."""

    def __init__(self, number, text):
        super().__init__(text)
        self.number = number
        self.text = text


class Host:
    """The guest's view of its host."""

    def __init__(self, wire):
        self.wire = wire
        self.hub = None
        self.asked = 0
        self.table = None
        self.next_pid = 0
        self.stood = {}
        self.waiting = {}
        self.takers = {}
        self.before_ask = []
        self.after_idle = []

    def ask(self, kind, **args):
        """Return the host's answer to a question of this instant; raises Refused."""
        for prepare in self.before_ask:
            prepare()
        self._say({"m": "ask", "t": self.hub.now, "kind": kind, "args": args})
        answer = self.wire.receive()
        self.hub.until = answer["until"]
        self.table = answer["table"]
        self.next_pid = answer["pid"]
        if "error" in answer:
            raise Refused(*answer["error"])
        return answer.get("result")

    def begin(self, kind, **args):
        """Ask for something that takes time; return (key, waiter) for its end."""
        self.asked += 1
        key = f"{kind}-{self.asked}"
        waiter = self.waiting[key] = self.hub.waiter()
        try:
            self.ask(kind, key=key, **args)
        except BaseException:
            del self.waiting[key]
            raise
        return key, waiter

    def finish(self, key, waiter, timeout=None):
        """Wait for the end of what *begin* began; raises Refused, or TimeoutError."""
        try:
            item = self.hub.wait(waiter, timeout)
        finally:
            self.waiting.pop(key, None)
        if item is None:
            raise TimeoutError("timed out")
        if "error" in item:
            raise Refused(*item["error"])
        return item.get("result")

    def call(self, kind, timeout=None, **args):
        """Begin and finish in one: a blocking call of the calling strand."""
        key, waiter = self.begin(kind, **args)
        return self.finish(key, waiter, timeout)

    def note(self, what, **fields):
        """Tell the host something; nothing comes back, but it may have plans of its own now."""
        self.hub.until = self.hub.now
        self._say({"m": "note", "t": self.hub.now, "what": what, "fields": fields})

    def idle(self, deadline):
        """Nothing runs here before *deadline* (or ever, if None): take what the host sends."""
        self._say({"m": "idle", "t": self.hub.now, "next": deadline})
        self.go_on(self.wire.receive())

    def go_on(self, message):
        """Take what the host sends to who had nothing to do: time, and what has come up."""
        for prepare in self.after_idle:
            prepare()
        hub = self.hub
        hub.until = message["until"]
        self.table = message["table"]
        self.next_pid = message["pid"]
        if message["t"] > hub.now:
            hub.now = message["t"]
            hub.posix = hub.epoch + hub.now
            hub.reads = 0
        for item in message["items"]:
            self.take(item)

    def _say(self, message):
        """Send *message*, and with it which answers that stand have been used since the last."""
        if self.stood:
            message["stood"] = list(self.stood.items())
            message["pid"] = self.next_pid
            self.stood.clear()
        self.wire.send(message)

    def take(self, item):
        """Deliver one item: the end of a call, a signal, the output or end of a child."""
        waiter = self.waiting.get(item["key"])
        if waiter is not None:
            self.hub.wake(waiter, item)
        else:
            taker = self.takers.get(item["key"].partition("-")[0])
            if taker is not None:
                taker(item)

    def exit(self, code, signal):
        """Say that the program is over."""
        self._say({"m": "exit", "t": self.hub.now, "code": code, "signal": signal})


def place(root):
    """Return the nearest line of the program outside the guest runtime, as 'file:line'."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith(OUR_FOLDER) and not name.startswith("<frozen"):
            if name.startswith(root):
                return f"{name}:{frame.f_lineno}"
            inner = f"{name.rpartition('/')[2]}:{frame.f_lineno}"
        frame = frame.f_back
    return inner if "inner" in locals() else "?"
