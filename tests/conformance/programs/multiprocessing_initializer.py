"""Each process of a pool runs an initializer, which may set a handler."""

import multiprocessing
import signal


def begin(value):
    global kept
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kept = value


def get(_):
    return kept


with multiprocessing.get_context("fork").Pool(2, begin, (5,)) as pool:
    print(pool.map(get, range(3)))
