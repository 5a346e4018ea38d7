"""A process ends with the exit code that its function gives."""

import multiprocessing
import os
import sys


def fail():
    sys.stderr = open(os.devnull, "w")
    raise ValueError


for target, arguments in (
    (sys.exit, (3,)),
    (sys.exit, ()),
    (os._exit, (5,)),
    (fail, ()),
    (print, ("said",)),
):
    process = multiprocessing.get_context("fork").Process(target=target, args=arguments)
    process.start()
    process.join()
    print(process.exitcode, process.is_alive(), flush=True)
