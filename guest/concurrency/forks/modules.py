"""The changes to the modules of ``multiprocessing``, each made when it is imported."""

from __future__ import annotations

import os
import sys
import threading
import traceback

from guest.afterwards import afterwards
from guest.concurrency.forks import semaphores
from guest.concurrency.forks.apart import OF_QUEUES
from guest.concurrency.forks.apart import Apart
from guest.concurrency.forks.apart import Children
from guest.concurrency.forks.apart import Counter
from guest.concurrency.forks.apart import Current
from guest.concurrency.forks.family import Family


class Modules:
    """Changes them, for the processes of *family*."""

    def __init__(self, hub):
        self._hub = hub
        self.family = None

    def process(self, module):
        """Let each process have its own name, children and count of them."""
        family = self.family = Apart.family = Family(self._hub)
        family.install()
        semaphores.install(self._hub)
        current = Current(family, module._current_process)
        true_is_alive = module.BaseProcess.is_alive
        module._current_process = current
        module._children = Children(family)
        module._process_counter = Counter(family)
        module.current_process = current.now
        module.parent_process = self._parent
        module.BaseProcess.is_alive = lambda each: each is current.now() or true_is_alive(each)
        module.BaseProcess.ident = module.BaseProcess.pid = property(self._pid_of)

    def _pid_of(self, process):
        process._check_closed()
        forked = self.family.here()
        if forked is not None and forked.process is process:
            return forked.pid
        return process._popen and process._popen.pid

    def _parent(self):
        forked = self.family.here()
        if forked is None:
            return None
        from multiprocessing.process import _ParentProcess

        parent = forked.parent
        name = "MainProcess" if parent is None else parent.process.name
        return _ParentProcess(name, os.getppid(), None if parent is None else parent.number)

    def connection(self, module):
        """Let pipes be simulated."""
        from guest.concurrency.forks import connections

        connections.install(module, self.family)

    def queues(self, module):
        """Let each process have a buffer and a feeder thread of its own."""
        for name in OF_QUEUES:
            setattr(module.Queue, name, Apart(name))

    def popen(self, module):
        """Let processes be strands; the other ways to start one only pickle it before."""
        popen = module.Popen
        popen.family = self.family
        popen.poll, popen.wait = poll, wait
        popen._send_signal = send_signal
        popen._launch = launch if popen.method == "fork" else launch_a_copy

    def heap(self, module):
        """Let shared memory be memory."""
        module.Arena = Arena
        module.Heap._lastpid = property(lambda heap: os.getpid(), lambda heap, pid: None)

    def tracker(self, module):
        """Let nobody track resources: they are gone with the guest."""
        module.register = module.unregister = lambda name, kind: None
        module.ensure_running = module.getfd = lambda: 0

    def context(self, module):
        """Let managers do without a server."""
        from guest.concurrency.forks.managers import Manager

        module.BaseContext.Manager = lambda context: Manager(context)


class Arena:
    """Stands for ``multiprocessing.heap.Arena``."""

    def __init__(self, size, fd=-1):
        self.size, self.fd = size, fd
        self.buffer = bytearray(size)


def launch(popen, process):
    """Start *process* as a strand, which runs a copy of it: the parent empties its own."""
    its_own = object.__new__(type(process))
    vars(its_own).update(vars(process))
    forked = popen.family.start(lambda forked: bootstrap(popen.family, forked, its_own))
    forked.process = its_own
    popen.forked, popen.pid, popen.sentinel = forked, forked.pid, forked.number


def launch_a_copy(popen, process):
    """Start a copy of *process*, pickled as a new interpreter would get it."""
    import io
    from multiprocessing import context
    from multiprocessing import reduction

    data = io.BytesIO()
    context.set_spawning_popen(popen)
    try:
        reduction.dump(process, data)
    finally:
        context.set_spawning_popen(None)
    launch(popen, reduction.pickle.loads(data.getvalue()))


def bootstrap(family, forked, process):
    """Run *process* and return its exit code. Read from BaseProcess._bootstrap."""
    code = 1
    forked.main = name_main()
    try:
        try:
            process.run()
            code = 0
        finally:
            leave(family, forked)
    except SystemExit as leaving:
        code = leaving.code
        if code is None:
            code = 0
        elif not isinstance(code, int):
            sys.stderr.write(f"{code}\n")
            code = 1
    except BaseException:
        code = 1
        sys.stderr.write(f"Process {process.name}:\n")
        traceback.print_exc()
    finally:
        for thread in family.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    return code


def name_main():
    """Return the thread that a process begins with, which is its main thread."""
    thread = threading._DummyThread()
    thread.__class__ = threading._MainThread
    thread._name, thread._daemonic = "MainThread", False
    return thread


def leave(family, forked):
    """Do what *forked* does when it ends. Read from multiprocessing.util._exit_function."""
    from multiprocessing import process
    from multiprocessing import util

    run_finalizers(util, forked, lambda priority: priority >= 0)
    for child in process.active_children():
        if child.daemon:
            child._popen.terminate()
    for child in process.active_children():
        child.join()
    run_finalizers(util, forked, lambda priority: True)


def run_finalizers(util, forked, wanted):
    """Run the finalizers that *forked* has registered."""
    found = [
        (key, each)
        for key, each in list(util._finalizer_registry.items())
        if each._pid == forked.pid and key[0] is not None and wanted(key[0])
    ]
    for _, finalizer in sorted(found, key=lambda item: item[0], reverse=True):
        if finalizer.still_active():
            finalizer()


def poll(popen, flag=os.WNOHANG):
    """Stand for ``Popen.poll``."""
    if popen.returncode is None:
        if flag != os.WNOHANG:
            popen.family.wait(popen.forked)
        popen.returncode = popen.forked.status
        popen.forked.reaped = popen.returncode is not None
    return popen.returncode


def wait(popen, timeout=None):
    """Stand for ``Popen.wait``."""
    if popen.returncode is None:
        popen.family.wait(popen.forked, timeout)
    return popen.poll()


def send_signal(popen, number):
    """Stand for ``Popen._send_signal``."""
    if popen.returncode is None:
        popen.family.kill(popen.pid, number)


def install(hub):
    """Have the modules changed when a program imports them."""
    modules = Modules(hub)
    for name, change in (
        ("process", modules.process),
        ("context", modules.context),
        ("connection", modules.connection),
        ("queues", modules.queues),
        ("heap", modules.heap),
        ("resource_tracker", modules.tracker),
        ("popen_fork", modules.popen),
        ("popen_spawn_posix", modules.popen),
        ("popen_forkserver", modules.popen),
    ):
        afterwards.change(f"multiprocessing.{name}", change)
