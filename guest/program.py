"""The life of the guest program: make everything virtual, run it, say how it ended."""

from __future__ import annotations

import gc
import json
import os
import traceback
from os import _exit as leave_process

from guest import instruments
from guest.clock import dates
from guest.machine import entropy
from guest.processes import copying


class Program:
    """One program in this interpreter, as the host's configuration describes it."""

    def __init__(self, hub, host, config):
        self._hub = hub
        self._host = host
        host.wire.use(json)
        self._config = host.wire.receive()
        self._instruments = instruments.Instruments(hub, host, self._config)

    def run(self):
        """Run to the end and leave the process."""
        self._prepare()
        self._hub.main = self._hub.spawn(self._main)
        self._hub.main.ident = 1000
        try:
            code, signal = self._hub.run()
            self._instruments.land()
        except MemoryError:
            leave_process(instruments.MEMORY_ENDED)
        except BaseException:
            traceback.print_exc()
            leave_process(70)
        self._host.exit(code, signal)
        if self._forking.has_copies:
            copying.keep(self._host.wire)
        leave_process(0)

    def _prepare(self):
        """Replace the rest, in order; the fence comes last."""
        hub, host, config = self._hub, self._host, self._config
        facts, root = config["facts"], config["root"]
        dates.install()
        self._entropy = entropy.install_urandom(config["seed"])
        entropy.install_random()
        from guest.clock import stamps
        from guest.clock import writes
        from guest.concurrency import conditions
        from guest.concurrency import queues
        from guest.fence import guard
        from guest.fence.audit import Fence
        from guest.machine import scratch

        fence = Fence(host, root)
        guard.install(fence, host, root, facts["pid"])
        scratch.install(root)
        from guest.machine import listings  # which binds functions that were just replaced

        self._writes = hub.written = writes.Writes()
        writes.install(self._writes, hub.compiled)
        stamp = self._stamp = stamps.Stamps(hub, root, self._writes)
        hub.before_move.append(stamp)
        host.before_ask.append(stamp)
        host.after_idle.append(stamp.absorb)
        stamps.install(hub, stamp)
        listings.install(stamp)
        self._install_world(facts, root)
        os.environ.clear()
        os.environ.update(config["env"])
        os.chdir(config["cwd"])
        self._instruments.install()
        if hub.chooser is None:
            conditions.install(hub)
            queues.install(hub)
        # What was made up to here stays: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 50)
        self._instruments.start()
        fence.install(filters=config.get("filters", True), word=config.pop("word", 0))

    def _install_world(self, facts, root):
        hub, host = self._hub, self._host
        from guest import naming
        from guest import network
        from guest.clock import usage
        from guest.concurrency import rest
        from guest.machine import files
        from guest.machine import identities
        from guest.machine import identity
        from guest.machine import native
        from guest.machine import packages
        from guest.machine import sparse
        from guest.processes import children
        from guest.processes import forking
        from guest.processes import popen
        from guest.processes import signals
        from guest.processes.nursery import Nursery

        copier = copying.Copier()
        raise_signal, part_signals = signals.install(hub)
        table = children.install(hub, host, root, facts, raise_signal)
        nursery = Nursery(hub, host, root, table)
        popen.install(nursery)
        network.install(hub, host, root, facts, nursery.pipes)
        rest.install(hub, facts)
        identity.install(host, facts)
        self._identities = identities.install()
        usage.install(hub)
        files.install(hub, host, self._stamp)
        native.install(host, root)
        packages.install(host, root)
        sparse.install(self._writes)
        self._forking = forking.install(hub, host, root, facts, copier, nursery)
        parts = (self._stamp.renew, part_signals, self._instruments.part)
        parting = [*(lambda pid, part=part: part() for part in parts), self._entropy.part]
        self._forking.parting += parting
        naming.install()
        host.takers["signal"] = lambda item: hub.interrupt(item["signal"])

    def _main(self):
        from guest import lifetime

        self._hub.over = lifetime.live(self._config, self._hub.threads)
