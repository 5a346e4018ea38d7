"""``multiprocessing.Process`` as a strand of this guest.

pilot3 forks a process to put a 20 s limit on a function (pilot/util/timer.py); here the
function runs on a strand that can be abandoned, and that shares memory with its parent.
"""

from __future__ import annotations


def install(hub):
    """Replace the process and queue of ``multiprocessing`` when a program imports it."""
    import multiprocessing
    import queue
    import threading

    class Process:
        """A function on a daemon thread behind the interface of a process."""

        def __init__(
            self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None
        ):
            self._thread = threading.Thread(
                target=target, name=name, args=args, kwargs=kwargs or {}, daemon=True
            )
            self.name = self._thread.name
            self.daemon = True
            self.exitcode = None
            self._stopped = False

        def start(self):
            self._thread.start()

        def join(self, timeout=None):
            self._thread.join(timeout)

        def is_alive(self):
            return self._thread.is_alive() and not self._stopped

        def terminate(self):
            self._stopped = True

        kill = terminate

        def close(self):
            pass

        @property
        def pid(self):
            return self._thread.ident

        ident = pid

    class ProcessQueue(queue.Queue):
        """multiprocessing.Queue between strands."""

        def close(self):
            pass

        def join_thread(self):
            pass

        def cancel_join_thread(self):
            pass

    multiprocessing.Process = Process
    multiprocessing.Queue = multiprocessing.SimpleQueue = ProcessQueue
