"""How the clients move a file: by a tool of the node, whose answer is a dict of what came of it."""

import json
import subprocess

from rucio.common.exception import RucioException

TOOL = "flightsim-rucio"


def moved(what, did, path, *, rse="", pfn="", timeout=None, flags=()):
    """Run the tool for one file and return its answer. Raises RucioException if it has none."""
    words = [f"--{name}={value}" for name, value in (("rse", rse), ("pfn", pfn)) if value]
    if timeout:
        words.append(f"--timeout={timeout}")
    words += [f"--{flag}" for flag in flags]
    ran = subprocess.run(
        [TOOL, what, *words, did, path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        check=False,
    )
    try:
        answer = json.loads(ran.stdout)
    except ValueError:
        raise RucioException(ran.stderr.strip() or f"ended with {ran.returncode}") from None
    if ran.returncode and answer["state"] in ("DONE", "ALREADY_DONE", "FOUND_IN_PCACHE"):
        answer.update(state="FAILED", reason=ran.stderr.strip())
    return answer


def fill(trace, answer):
    """Put what came of one file into *trace*."""
    trace["protocol"] = answer["protocol"]
    trace["clientState"] = answer["state"]
    trace["stateReason"] = answer["reason"] or "OK"
    if answer["began"]:
        trace["transferStart"] = answer["began"]
    if answer["ended"]:
        trace["transferEnd"] = answer["ended"]
