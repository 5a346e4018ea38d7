"""Where the children of this program begin: one question to the host, or an answer that stands."""

from __future__ import annotations

import errno
import os

from guest.host import Refused
from guest.host import place
from guest.processes.standing import Standing


class Nursery:
    """Starts children and brings them what the host says of them."""

    def __init__(self, hub, host, root, children):
        self.hub = hub
        self.children = children
        self.pipes = {}
        self._host = host
        self._root = root
        self._standing = Standing(host)
        self._alive = {}
        self._begun = 0
        self._env = None
        self._envs = 0
        host.takers["spawn"] = self._take

    def begin(self, child, argv, cwd, env, session, data, feed=False):
        """Start *child*; it gets its pid, and all that is known of it at once.

        Its input is *data*, and with *feed* what follows.
        """
        changed = self._changed(env)
        asked = None if data or feed else (*argv, "", cwd, session, self._envs)
        answer = self._standing.recall(asked)
        if answer is None:
            answer = self._ask(child, argv, cwd, changed, session, data, feed)
            self._standing.learn(asked, answer)
        child.pid = answer["pid"]
        if "code" not in answer:
            self.children.born(child.pid, child)
        child.take(answer)

    def part(self):
        """Forget the children: they are not those of a forked copy, which waits for none."""
        for child in self._alive.values():
            child.take({"code": 0, "signal": 0})
        self._alive.clear()
        self.children.part()
        self._standing = Standing(self._host)
        self._env = None

    def feed(self, child, data, end):
        """Write *data* to the input of *child*; wait while nobody has read what is there."""
        text = data.decode("utf-8", "surrogateescape")
        while text or end:
            if child.key not in self._alive:
                if text:
                    raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
                return
            try:
                taken = self._host.ask("feed", key=child.key, data=text, end=end)
            except Refused as refusal:
                if not text:
                    return
                raise OSError(refusal.number, refusal.text) from None
            text = text[taken:]
            if not text:
                return
            waiter = self.hub.waiter()
            child.feeders.append(waiter)
            self.hub.wait(waiter)

    def _ask(self, child, argv, cwd, env, session, data, feed):
        self._begun += 1
        key = f"spawn-{self._begun}"
        self._alive[key] = child
        child.key = key
        extra = {"feed": True} if feed else {}
        try:
            answer = self._host.ask(
                "spawn",
                key=key,
                argv=argv,
                cwd=cwd,
                env=env,
                stdin=data.decode("utf-8", "surrogateescape"),
                session=session,
                place=place(self._root),
                **extra,
            )
        except Refused as refusal:
            del self._alive[key]
            if env is not None:
                self._env = None
            raise OSError(refusal.number, refusal.text, argv[0]) from None
        if "code" in answer and not answer.get("held"):
            del self._alive[key]
        return answer

    def _take(self, item):
        child = self._alive.get(item["key"])
        if child is not None:
            if item.get("closed") or ("code" in item and not item.get("held")):
                del self._alive[item["key"]]
            child.take(item)

    def _changed(self, env):
        """Return the environment as text, or None when it is what the host was told last."""
        raw = (
            os.environ._data if env is None else {os.fsencode(n): os.fsencode(env[n]) for n in env}
        )
        if raw == self._env:
            return None
        self._env = dict(raw)
        self._envs += 1
        return {os.fsdecode(name): os.fsdecode(value) for name, value in raw.items()}
