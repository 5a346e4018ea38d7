"""``select``: readiness of the simulation's own pipes and sockets, on virtual time."""

from __future__ import annotations

import select as real


def install(hub, pipes, sockets):
    """Replace ``select.select`` and ``select.poll``; real descriptors count as ready."""

    def thing(each):
        number = each if isinstance(each, int) else each.fileno()
        return pipes.get(number) or sockets.get(number)

    def ready(readers):
        return [each for each in readers if (found := thing(each)) is None or found.is_ready()]

    def select(readers, writers, errors, timeout=None):
        deadline = None if timeout is None else hub.now + timeout
        while True:
            found = ready(readers)
            if found or writers or (deadline is not None and hub.now >= deadline):
                return found, list(writers), []
            left = None if deadline is None else deadline - hub.now
            wait_for_any([thing(each) for each in readers], left)

    def wait_for_any(things, timeout):
        waiter = hub.waiter()
        for each in things:
            each._waiters.append(waiter)
        hub.wait(waiter, timeout)

    class Poll:
        """select.poll for the simulation's own descriptors."""

        def __init__(self):
            self._asked = {}

        def register(self, each, mask=1 | 4):
            self._asked[each if isinstance(each, int) else each.fileno()] = mask

        modify = register

        def unregister(self, each):
            del self._asked[each if isinstance(each, int) else each.fileno()]

        def poll(self, timeout=None):
            seconds = None if timeout is None or timeout < 0 else timeout / 1000.0
            readers = [number for number, mask in self._asked.items() if mask & 1]
            writers = [number for number, mask in self._asked.items() if mask & 4]
            found, free, _ = select(readers, writers, [], seconds)
            masks = dict.fromkeys(found, 1)
            for number in free:
                masks[number] = masks.get(number, 0) | 4
            return list(masks.items())

    real.select = select
    real.poll = Poll
    for name in ("epoll", "kqueue", "devpoll"):
        if hasattr(real, name):
            delattr(real, name)
