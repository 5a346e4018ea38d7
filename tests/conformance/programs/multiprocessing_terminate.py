"""A process can be ended from outside, and says by what."""

import multiprocessing
import os
import signal
import time

context = multiprocessing.get_context("fork")
for way in ("terminate", "kill", "signal"):
    process = context.Process(target=time.sleep, args=(20,))
    process.start()
    process.join(0.1)
    print(process.is_alive(), process.exitcode)
    if way == "signal":
        os.kill(process.pid, signal.SIGKILL)
    else:
        getattr(process, way)()
    process.join()
    print(way, process.exitcode)
