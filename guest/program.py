"""The life of the guest program: make everything virtual, run it, say how it ended."""

from __future__ import annotations

import gc
import json
import os
import runpy
import sys
import traceback
from os import _exit as leave_process

from guest.clock import times
from guest.machine import entropy


class Program:
    """One program in this interpreter, as the host's configuration describes it."""

    def __init__(self, hub, host, config):
        self._hub = hub
        self._host = host
        host.wire.use(json)
        self._config = host.wire.receive()

    def run(self):
        """Run to the end and leave the process."""
        self._prepare()
        self._hub.main = self._hub.spawn(self._main)
        self._hub.main.ident = 1000
        try:
            code, signal = self._hub.run()
        except BaseException:
            traceback.print_exc()
            leave_process(70)
        self._host.exit(code, signal)
        leave_process(0)

    def _prepare(self):
        """Replace the rest, in order; the fence comes last."""
        hub, host, config = self._hub, self._host, self._config
        facts, root = config["facts"], config["root"]
        times.install_datetime()
        entropy.install_urandom(config["seed"])
        entropy.install_random()
        from guest.clock import stamps
        from guest.clock import writes
        from guest.fence.audit import Fence

        fence = Fence(host, root)
        self._writes = writes.Writes()
        writes.install(self._writes)
        stamp = stamps.Stamps(hub, root, self._writes)
        hub.before_move.append(stamp)
        host.before_ask.append(stamp)
        host.after_idle.append(stamp.absorb)
        stamps.install_utime(hub)
        entropy.install_order()
        self._install_world(facts, root)
        os.environ.clear()
        os.environ.update(config["env"])
        os.chdir(config["cwd"])
        # What was made up to here stays: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 50)
        fence.install()

    def _install_world(self, facts, root):
        hub, host = self._hub, self._host
        from guest.concurrency import forks
        from guest.machine import files
        from guest.machine import identity
        from guest.machine import native
        from guest.machine import sparse
        from guest.network import sockets
        from guest.network import tls
        from guest.network import waits
        from guest.processes import children
        from guest.processes import popen
        from guest.processes import signals
        from guest.processes.nursery import Nursery

        raise_signal = signals.install(hub)
        table = children.install(hub, host, root, facts, raise_signal)
        nursery = Nursery(hub, host, root, table)
        popen.install(nursery)
        socket_class, open_sockets = sockets.make_socket(hub, host, root, facts)
        tls.install(host, socket_class)
        forks.install(hub)
        waits.install(hub, nursery.pipes, open_sockets)
        identity.install(hub, host, facts)
        files.install(hub, host)
        native.install(host, root)
        sparse.install(self._writes)
        host.takers["signal"] = lambda item: hub.interrupt(item["signal"])
        host.takers["stacks"] = lambda item: host.note("stacks", text=stacks(hub, root))

    def _main(self):
        from guest.processes.signals import Killed

        try:
            self._hub.over = self._finish(self._outcome())
        except Killed as death:
            self._hub.over = (0, death.number)

    def _outcome(self):
        config = self._config
        sys.argv[:] = config["argv"]
        sys.path[:0] = config["paths"]
        try:
            if config.get("module"):
                runpy.run_module(config["module"], run_name="__main__", alter_sys=True)
            else:
                runpy.run_path(config["argv"][0], run_name="__main__")
        except SystemExit as leaving:
            return _exit_code(leaving.code)
        except Exception:
            traceback.print_exc()
            return 1
        return 0

    def _finish(self, code):
        """End as the interpreter does: join threads, run exit functions, flush."""
        import atexit
        import threading

        threading._shutdown()
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        return code & 0xFF, 0


def _exit_code(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code
    print(code, file=sys.stderr)
    return 1


def stacks(hub, root):
    """Return the stack of every strand that waits, for a report on a flight that is stuck."""
    import gc

    from guest.hub import Strand

    strands = [each for each in gc.get_objects() if isinstance(each, Strand) and each.gr_frame]
    parts = []
    for strand in sorted(strands, key=lambda each: each.ident):
        lines = traceback.format_stack(strand.gr_frame)
        parts.append(f"strand {strand.ident}:\n" + "".join(lines[-8:]))
    return "\n".join(parts)
