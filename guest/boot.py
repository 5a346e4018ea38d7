"""Start a program as a guest: ``python -S -s boot.py FD``, with a host at the other end of FD.

The order matters and is the whole art: locks and clocks are replaced before anything that
binds them is imported, entropy before ``random``, the fence last, the program after all.
"""

from __future__ import annotations

import sys

FOLDER = __file__.rpartition("/")[0]


def boot(fd):
    """Take the configuration from the host, make the interpreter virtual, run the program."""
    sys.dont_write_bytecode = True
    sys.path[0] = FOLDER.rpartition("/")[0]
    from guest.wire import Wire

    wire = Wire(fd)
    sys.path.insert(0, _greenlet_folder(wire))
    from guest.host import Host
    from guest.hub import Hub

    host = Host(wire)
    config = _first_frame(wire)
    hub = Hub(epoch=config["epoch"], start=config["start"], host=host)
    host.hub = hub
    from guest.clock import times
    from guest.concurrency import locks
    from guest.concurrency import threads

    hub.threads = threads.install(hub)
    hub.clock = times.install_time(hub)
    if config["how"] != "python":
        from guest import compiled

        part = compiled.load(config["folder"])
        if part is not None:
            compiled.install(hub, part, seen=config["how"] == "seen")
    locks.number_anew()
    del sys.path[0], sys.path[0]
    from guest.program import Program

    return Program(hub, host, config).run()


def _greenlet_folder(wire):
    length = int.from_bytes(wire._take(2), "big")
    return wire._take(length).decode()


def _first_frame(wire):
    # json cannot be imported before the locks are replaced (re, functools bind RLock), and
    # the locks need nothing of the configuration but two numbers, and where the compiled part of
    # the runtime lies: they come as plain text.
    length = int.from_bytes(wire._take(2), "big")
    epoch, start, how, folder = wire._take(length).decode().split(" ", 3)
    return {"epoch": float(epoch), "start": float(start), "how": how, "folder": folder}


if __name__ == "__main__":
    boot(int(sys.argv[1]))
