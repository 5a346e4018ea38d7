"""The Rucio client of a simulated node: replicas, asked of the site through a tool.

Runs inside the pilot's interpreter, where a tool is a child process like any other. Modelled:
``list_replicas``, ``ping``. Everything else raises, by name.
Read from rucio-clients: rucio/client/replicaclient.py, and observed with pilot3 3.11.5.1.
"""

from __future__ import annotations

import json
import os
import subprocess

# The real one sends them in a body, which has no limit such as that of a command line.
ASKED_AT_ONCE = 500


class Client:
    """Answers for the replicas of this world."""

    def __init__(self, *args, **kwargs):
        self.host = kwargs.get("rucio_host", "")
        self.account = os.environ.get("RUCIO_ACCOUNT", "pilot")
        self.auth_token = ""
        self.vo = "def"

    def list_replicas(self, dids, schemes=None, schemas=None, **options):
        """Return the replicas of *dids* ({'scope', 'name'}), as an iterator of records."""
        dids, records = list(dids), []
        for at in range(0, len(dids), ASKED_AT_ONCE):
            asked = {"schemes": schemes or schemas, "sort": options.get("sort")}
            records += self._ask({"dids": dids[at : at + ASKED_AT_ONCE], **asked})
        return iter(records)

    def _ask(self, question):
        ran = subprocess.run(
            ["flightsim-replicas", json.dumps(question, sort_keys=True)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            check=False,
        )
        if ran.returncode:
            raise RuntimeError(ran.stderr.strip())
        return json.loads(ran.stdout)

    def ping(self):
        """Return the version of the server."""
        return {"version": "35.0.0"}

    def __getattr__(self, name):
        raise NotImplementedError(f"rucio.client.Client.{name} is not simulated")
