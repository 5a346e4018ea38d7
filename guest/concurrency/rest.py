"""What of threads can be replaced only when ``threading`` has been imported."""

from __future__ import annotations

import threading

from guest import afterwards
from guest.concurrency import frames
from guest.concurrency import order
from guest.concurrency import pipes
from guest.concurrency import tracing
from guest.concurrency.forks import modules as forks


def install(hub, facts):
    """Replace it; *facts* of the machine come from the host."""
    afterwards.install()
    threads = hub.threads
    threads.pid = facts["pid"]
    threading.main_thread()._native_id = threads.pid
    order.install()
    frames.install(threads)
    tracing.install(threads)
    pipes.install()
    forks.install(hub)
