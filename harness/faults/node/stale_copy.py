"""What /cvmfs has of the information system is old: newer storages are not in it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault

ENDPOINTS = "/cvmfs/atlas.cern.ch/repo/sw/local/etc/cric_ddmendpoints.json"
OLD = {"OLD_DATADISK": {"state": "DISABLED", "arprotocols": {}}}


@fault("stale_copy", on=("node.cvmfs",), about="let the copy of the definitions be an old one")
@dataclass(frozen=True, slots=True)
class StaleCopy:
    """Let the copy of the storages' definitions know only a storage that is no more."""

    path: str = ENDPOINTS

    def install(self, trigger: Fuse) -> None:
        """Put the old copy there when the trigger says."""

        def replace(_pilot: str) -> None:
            node, text = trigger.world.node, json.dumps(OLD)
            if not node.files.is_mounted(self.path):
                node.mounted[self.path] = text
            elif node.files.real(self.path).is_file():
                node.files.real(self.path).write_text(text, encoding="utf-8")

        trigger.on_moments(replace)
