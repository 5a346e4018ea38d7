"""siteverify: is this worker node fit for PanDA pilots?

Checks in the manner of OSG's site_verify, from the inside of a job: credential, environment,
disk, software, network, CVMFS, resources and the definition of the PanDA queue. Standard library
only, Python 3.9 and newer, imports nothing else, so that it travels to a worker node as one file.
The checks see the world through a `Vantage`: the real machine, or a simulated node, on which each
of them is shown to fail.

    python3 -m siteverify --profile quick
"""

from __future__ import annotations

from siteverify.cli import main
from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import Status
from siteverify.results import Exemption
from siteverify.results import Result
from siteverify.results import RunRecord
from siteverify.results import exit_code
from siteverify.runner import run_checks
from siteverify.settings import Settings
from siteverify.settings import SettingsError
from siteverify.vantage import Vantage

__all__ = [
    "Exemption",
    "Owner",
    "Result",
    "RunRecord",
    "Settings",
    "SettingsError",
    "Severity",
    "Status",
    "Vantage",
    "exit_code",
    "main",
    "run_checks",
]
