"""What a complete pilot has to do, one row each: a scenario names the rows that it shows.

``rows = ["P04"]`` in a scenario says that a pilot without that ability fails there. The page
docs/reference/pilot-rows.md lists every row with its scenarios; UNSHOWN are those that no scenario
shows yet, and a test keeps that list true: it can only get shorter.
"""

from __future__ import annotations

from typing import Mapping

PILOT_ROWS: Mapping[str, str] = {
    "P01": "is started by a thin shell wrapper, and by a trivial one for testbed queues",
    "P02": "takes what is particular to an experiment or a site from a plug-in",
    "P03": "copies with the tools that the queue names, each in its own way",
    "P04": "puts a time limit on every transfer, and says so when one is over it",
    "P05": "flies ordinary jobs, event jobs and HPC jobs as supervised groups of processes",
    "P06": "watches what a job uses: time, memory, disk, size of its logs, signs of life",
    "P07": "flies several jobs, and none of them knows of the ones before",
    "P08": "finishes or cleans up what an earlier pilot on the node has left",
    "P09": "stores an output elsewhere when its own storage cannot be had",
    "P10": "sends logs to a storage of their own, in folders made from the job id",
    "P11": "names the first cause of a failure, not what followed from it",
    "P12": "runs a payload as another user, with a credential that stays fresh",
    "P13": "notices that VOMS attributes have expired though the proxy is valid",
    "P14": "sources the set-up scripts of a site and keeps what they have set",
    "P15": "runs a payload in the container that the job names",
    "P16": "shows the end of the active log while a job is in debug mode",
    "P17": "keeps what it knows of its jobs in a database on the node",
    "P18": "lets a job have otherwise what the information service says of its queue",
    "P19": "works for Harvester: jobs from files, reports in files, kills by request",
    "P20": "writes job report, metrics and OutputFiles.xml, and sends them at the end",
    "P21": "tells HPC event jobs from when to when their worker lives",
    "P22": "measures the node and the payload, with a fallback where the tools are missing",
    "P23": "leaves a trace of every transfer, and names the caller in its own log",
    "P24": "fetches events ahead of the payload that streams them",
    "P25": "lets an experiment join with a package of its own, found by its entry point",
}

UNSHOWN: tuple[str, ...] = ()
