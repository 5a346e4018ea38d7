"""Where every strand of the program stands: names, frames, and paths that are no machine's own.

Standard library files are shown as ``python/threading.py``, the guest's as ``guest/hub.py``, the
program's below its root: the text is the same on every machine.
"""

from __future__ import annotations

import linecache
import os
import sys

OURS = __file__.rpartition("/")[0] + "/"
LIBRARY = os.path.dirname(os.__file__) + "/"
BEGINNINGS = ("_bootstrap", "_bootstrap_inner")
FRAMES_MAX = 40
MAIN_IDENT = 1000


def strands(hub):
    """Return all strands that live, in the order of their idents."""
    alive = [each for each in hub.alive if not each.dead]
    return sorted(alive, key=lambda strand: strand.ident)


def name_of(strand):
    """Return the name of the thread that *strand* is, or its number."""
    threading = sys.modules.get("threading")
    thread = threading._active.get(strand.ident) if threading is not None else None
    if thread is not None:
        return thread.name
    return "MainThread" if strand.ident == MAIN_IDENT else f"strand {strand.ident}"


def frames(hub, strand):
    """Return the frames of *strand*, the innermost first."""
    frame = sys._getframe(1) if strand is hub.current and not strand.gr_frame else strand.gr_frame
    found = []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back
    return found


def is_ours(frame):
    """Tell whether *frame* is the runtime's own."""
    return frame.f_code.co_filename.startswith(OURS)


def is_program(frame, folder):
    """Tell whether *frame* runs a file of the program, which lies in *folder*, as ours do."""
    return frame.f_code.co_filename.startswith(folder + "/") and not is_ours(frame)


def place_of(frame, folder):
    """Return where *frame* stands, as file:line."""
    return f"{shown(frame.f_code.co_filename, folder)}:{frame.f_lineno}"


def standing_of(hub, strand):
    """Return where *strand* stands: in the program if it is there, else in the library."""
    foreign = [frame for frame in frames(hub, strand) if not is_ours(frame)]
    mine = [frame for frame in foreign if is_program(frame, hub.folder)]
    if mine or foreign:
        return f"at {place_of(mine[0] if mine else foreign[-1], hub.folder)}"
    return "at its beginning"


def shown(path, folder):
    """Return *path* without what is this machine's."""
    for prefix, instead in ((OURS, "guest/"), (folder + "/", ""), (LIBRARY, "python/")):
        if path.startswith(prefix):
            return instead + path[len(prefix) :]
    _, found, inner = path.partition("/site-packages/")
    return inner if found else path.rpartition("/")[2]


def stack_text(hub, strand, folder):
    """Return the stack of *strand* without the runtime's frames, the most recent call last."""
    lines = []
    for frame in frames(hub, strand):
        code = frame.f_code
        is_frozen = code.co_filename.startswith("<frozen")
        if is_ours(frame) or is_frozen or code.co_name in BEGINNINGS:
            continue
        source = linecache.getline(code.co_filename, frame.f_lineno).strip()
        lines.append(f"  {place_of(frame, folder)} in {code.co_name}: {source}".rstrip(": "))
        if len(lines) == FRAMES_MAX:
            break
    return "\n".join(reversed(lines))
