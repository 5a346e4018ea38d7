"""sinfo: the nodes and the partition of a Slurm cluster.

Models -h, -N, -l, -s, -R, -p, -t, -o. Held against slurm-wlm 22.05.8 (docs/reference/fidelity.md).
Not modelled: features, generic resources, several partitions.
"""

from __future__ import annotations

import time
from typing import Any
from typing import Generator

import simpy

from fakesites.slurm import Controller
from fakesites.slurm import SlurmError
from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar
from fakesites.tools._options import Options
from fakesites.tools._slurm import VERSION
from fakesites.tools._slurm import ask
from fakesites.tools._slurm import duration
from fakesites.tools._slurm import fatal
from fakesites.tools._slurm import row
from fakesites.tools._slurm import wrong_option

Work = Generator[simpy.Event, Any, int]

GRAMMAR = Grammar(
    flags="hNlsRaV",
    values="pton",
    long=(
        ("Node", "N"),
        ("format=", "o"),
        ("list-reasons", "R"),
        ("long", "l"),
        ("noheader", "h"),
        ("partition=", "p"),
        ("states=", "t"),
        ("summarize", "s"),
        ("version", "V"),
    ),
)
PLAIN = "%9P %.5a %.10l %.6D %.6t %N"
SUMMARY = "%9P %.5a %.10l %.16F %N"
BY_NODE = "%9N %.6D %.9P %6t"
BY_NODE_LONG = "%9N %.6D %.9P %.11T %4c %.8z %.6m %.8d %.6w %.8f %20E"
REASONS = "%20E %9u %19H %N"
HEADS = {
    "P": "PARTITION",
    "a": "AVAIL",
    "l": "TIMELIMIT",
    "D": "NODES",
    "t": "STATE",
    "T": "STATE",
    "N": "NODELIST",
    "F": "NODES(A/I/O/T)",
    "C": "CPUS(A/I/O/T)",
    "c": "CPUS",
    "z": "S:C:T",
    "m": "MEMORY",
    "d": "TMP_DISK",
    "w": "WEIGHT",
    "f": "AVAIL_FEATURES",
    "E": "REASON",
    "u": "USER",
    "H": "TIMESTAMP",
}
SHORT = {"IDLE": "idle", "MIXED": "mix", "ALLOCATED": "alloc", "DRAINED": "drain"}
SHORT |= {"DRAINING": "drng"}


@tool("sinfo", optional=True)
def sinfo(call: ToolCall) -> Work:
    """Print the partition and its nodes; exit code 0 or 1."""
    try:
        options = GRAMMAR.read(call.argv)
    except UsageError as error:
        return wrong_option(call, str(error))
    if options.has("V"):
        call.out(VERSION)
        return 0
    try:
        cluster: Controller = yield from ask(call, "cluster")
    except SlurmError as error:
        return fatal(call, error, "slurm_load_partitions: ")
    form = form_of(options)
    if options.has("l"):
        call.out(time.strftime("%a %b %d %H:%M:%S %Y\n", time.gmtime(call.node.clock.wall())))
    if not options.has("h"):
        heads = {**HEADS, "P": HEADS["P"].rjust(9) if options.has("N") else HEADS["P"]}
        call.out(row(form, lambda letter: heads.get(letter, "?")))
    for nodes in groups(cluster, options):
        cells = cells_of(cluster, nodes)
        call.out(row(form, lambda letter, cells=cells: cells.get(letter, "")))  # type: ignore[misc]
    return 0


def form_of(options: Options) -> str:
    """Return the format of a line."""
    if options.has("o"):
        return options.get("o")
    if options.has("R"):
        return REASONS
    if options.has("N"):
        return BY_NODE_LONG if options.has("l") else BY_NODE
    return SUMMARY if options.has("s") else PLAIN


def groups(cluster: Controller, options: Options) -> list[list[str]]:
    """Return the nodes that share a line."""
    spec = cluster.spec
    if options.has("p") and spec.partition not in options.get("p").split(","):
        return []
    names = [node for node in spec.nodes if not options.has("R") or node in cluster.drained]
    if options.has("t"):
        asked = options.get("t").lower().split(",")
        names = [
            node
            for node in names
            if {cluster.state_of(node).lower(), SHORT[cluster.state_of(node)]} & {*asked}
        ]
    if options.has("N") or options.has("R"):
        return [[node] for node in names]
    if options.has("s"):
        return [names] if names else []
    found: dict[str, list[str]] = {}
    for node in names:
        found.setdefault(cluster.state_of(node), []).append(node)
    return list(found.values())


def cells_of(cluster: Controller, nodes: list[str]) -> dict[str, str]:
    """Return what each letter of a format stands for."""
    spec = cluster.spec
    states = [cluster.state_of(node) for node in nodes]
    busy = sum(state in ("MIXED", "ALLOCATED") for state in states)
    other = sum(state.startswith("DRAIN") for state in states)
    free = sum(cluster.free_cores(node) for node in nodes)
    total = spec.cores * len(nodes)
    return {
        "P": f"{spec.partition}*",
        "a": "up",
        "l": duration(spec.limit_s),
        "D": str(len(nodes)),
        "t": SHORT[states[0]],
        "T": states[0].lower(),
        "N": ",".join(nodes),
        "F": f"{busy}/{len(nodes) - busy - other}/{other}/{len(nodes)}",
        "C": f"{total - free}/{free}/0/{total}",
        "c": str(spec.cores),
        "z": f"{spec.cores}:1:1",
        "m": str(spec.memory_mb),
        "d": "0",
        "w": "1",
        "f": "(null)",
        "E": cluster.drained.get(nodes[0], "none"),
        "u": "root",
        "H": "Unknown",
    }
