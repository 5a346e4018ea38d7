"""voms-proxy-destroy and grid-proxy-destroy: the proxy file is overwritten and removed.

Models -dry, -file and the refusal of a file that is not there (voms); -dryrun, -default, -all and
files by name (grid). Not modelled: -conf, -debug.
Read from italiangrid/voms@2eaeb9a:src/utils/voms_proxy_destroy.cc,
gridcf/gct@1ba1e1087:gsi/proxy/proxy_utils/source/programs/grid_proxy_destroy.c.
"""

from __future__ import annotations

from fakesites.proxyfiles import mode_of
from fakesites.proxyfiles import proxy_path
from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.tools._proxy_making import Unfit
from fakesites.tools._proxy_making import words_of
from fakesites.tools.grid_proxy_info import HINT
from fakesites.tools.grid_proxy_info import NOT_FOUND
from fakesites.tools.voms_proxy_info import complaint

SYNTAX = "\nSyntax: grid-proxy-destroy [-help][-dryrun][-default][-all][--] [file1...]\n"
NOT_THERE = "Proxy file doesn't exist or has bad permissions"


@tool("voms-proxy-destroy")
def voms_proxy_destroy(call: ToolCall) -> int:
    """Remove the proxy; exit code 0, or 1 if there is none."""
    try:
        given, others = words_of(call.argv[1:], flags=("dry", "debug"), values=("file", "conf"))
    except Unfit as error:
        why = "requires an argument" if error.wants else ""
        call.err(complaint(call.argv[0], error.name, why))
        return 1
    if others:
        call.err(f"Found non option element {others[0]} in command line.\n")
        return 1
    path = proxy_path(call, given.get("file", ""))
    if not is_own(call, path):
        call.err(f"\n{NOT_THERE}\n\n")
        return 1
    if "dry" in given:
        call.out(f"Would remove {path}\n")
    else:
        call.real(path).unlink()
    return 0


@tool("grid-proxy-destroy")
def grid_proxy_destroy(call: ToolCall) -> int:
    """Remove the files named, or the proxy; exit code 0, or 1 if the proxy is not there."""
    try:
        given, files = words_of(call.argv[1:], flags=("dryrun", "default", "all"), values=())
    except Unfit as error:
        text = f"\nERROR: option {error.name} : unknown option\n{SYNTAX}"
        call.err(f"{text}\nUse -help to display full usage.\n")
        return 1
    for path in files:
        remove(call, path, dry="dryrun" in given)
    if files and "default" not in given and "all" not in given:
        return 0
    path = proxy_path(call)
    if not is_own(call, path):
        trouble = NOT_FOUND.replace("Couldn't find a valid proxy.", NOT_THERE)
        call.err(f"{trouble}File does not exist: {path} is not a valid file\n\n{HINT}")
        return 1
    remove(call, path, dry="dryrun" in given)
    return 0


def is_own(call: ToolCall, path: str) -> bool:
    """Tell whether *path* is a file that nobody else may read."""
    try:
        return not mode_of(call, path) & 0o177
    except OSError:
        return False


def remove(call: ToolCall, path: str, *, dry: bool) -> None:
    """Remove the file *path* if it is there, or say that it would be."""
    if dry:
        call.out(f"Would remove {path}\n")
        return
    try:
        call.real(path).unlink()
    except OSError:
        return
