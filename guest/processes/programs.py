"""``os.exec*``, ``os.spawn*`` and ``os.posix_spawn``: programs of the simulated node.

A program that replaces this one runs as its last child: when that ends, this one ends the same
way. Not modelled: the same pid before and after ``exec``, and that other threads stop at once;
file actions of ``posix_spawn`` beyond 0, 1 and 2.
Read from CPython 3.11 Lib/os.py (_spawnvef), Modules/posixmodule.c.
"""

from __future__ import annotations

import os
import subprocess

from guest.network.numbers import numbers

STREAMS = ("stdin", "stdout", "stderr")


def install(leave):
    """Replace what starts programs without ``subprocess``; *leave* ends this one as its child."""
    kept = {}

    def execute(path, argv, env=None):
        # What dup2 has put on 0 is the program's input; a real 0 is nothing here.
        given = 0 if 0 in numbers.table else None
        child = subprocess.Popen(_words(argv), executable=path, env=env, stdin=given)
        leave(*_end_of(child))

    def spawn(mode, path, argv, env, _):
        child = subprocess.Popen(_words(argv), executable=path, env=env)
        if mode == os.P_NOWAIT:
            kept[child.pid] = child
            return child.pid
        return child.wait()

    def posix_spawn(path, argv, env, *, file_actions=(), setsid=False, setpgroup=None, **_):
        session = bool(setsid) or setpgroup == 0
        streams, opened = _streams(file_actions or ())
        try:
            child = subprocess.Popen(
                _words(argv), executable=path, env=env, start_new_session=session, **streams
            )
        finally:
            for number in opened:
                os.close(number)
        kept[child.pid] = child
        return child.pid

    os.execv, os.execve, os._spawnvef = execute, execute, spawn
    os.posix_spawn = os.posix_spawnp = posix_spawn


def _words(argv):
    words = [os.fsdecode(each) for each in argv]
    if not words:
        raise ValueError("execv() arg 2 must not be empty")
    return words


def _end_of(child):
    code = child.wait()
    return (0, -code) if code < 0 else (code, 0)


def _streams(actions):
    """Return what *actions* make of 0, 1 and 2, for Popen, and the files opened for that."""
    streams, opened = {}, []
    for action, *words in actions:
        if action == os.POSIX_SPAWN_OPEN and words[0] in (0, 1, 2):
            number, path, flags, mode = words
            opened.append(os.open(path, flags, mode))
            streams[STREAMS[number]] = opened[-1]
        elif action == os.POSIX_SPAWN_DUP2 and words[1] in (0, 1, 2):
            source, number = words
            known = STREAMS[source] if source in (0, 1, 2) else ""
            streams[STREAMS[number]] = streams.get(known, source)
    return streams, opened
