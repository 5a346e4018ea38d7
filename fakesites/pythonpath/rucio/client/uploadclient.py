"""Rucio's upload client: files to an endpoint, with a summary of where they went.

Modelled: upload of files, the traces that are copied out, the summary file, the exceptions. Read
from rucio@0037d801:lib/rucio/client/uploadclient.py. Not modelled: folders, datasets, lifetimes.
"""

import copy
import json
import logging
import os
import uuid

from rucio.client._moving import fill
from rucio.client._moving import moved
from rucio.client.client import Client
from rucio.common.exception import InputValidationError
from rucio.common.exception import NoFilesUploaded
from rucio.common.exception import NotAllFilesUploaded


class UploadClient:
    """Brings files to storage."""

    def __init__(self, _client=None, logger=None, tracing=True):
        self.client = _client or Client()
        self.logger = logger.log if logger else logging.log
        self.tracing = tracing
        self.default_file_scope = "user." + self.client.account
        self.trace = {
            "hostname": os.environ.get("HOSTNAME", ""),
            "account": self.client.account,
            "eventType": "upload",
            "eventVersion": "35",
        }

    def upload(
        self, items, summary_file_path=None, traces_copy_out=None, ignore_availability=False
    ):
        """Bring *items* to their endpoints; return 0, or raise if one of them did not go."""
        self.trace["uuid"] = uuid.uuid4().hex
        for item in items:
            if not item.get("path") or not item.get("rse"):
                raise InputValidationError(
                    "No valid item. Properties 'path' and 'rse' are mandatory"
                )
            if not os.path.isfile(item["path"]):
                self.logger(logging.ERROR, "No such file or directory: %s" % item["path"])
        there = [item for item in items if os.path.isfile(item["path"])]
        if not there:
            raise InputValidationError("No valid input files given")
        summary = {}
        for item in there:
            summary.update(self._one(item, traces_copy_out))
        if summary_file_path:
            with open(summary_file_path, "w") as file:
                json.dump(summary, file, sort_keys=True, indent=1)
        if not summary:
            raise NoFilesUploaded()
        if len(summary) < len(items):
            raise NotAllFilesUploaded()
        return 0

    def _one(self, item, traces):
        scope = item.get("did_scope") or self.default_file_scope
        name = item.get("did_name") or os.path.basename(item["path"])
        self.logger(logging.INFO, "Preparing upload for file %s" % name)
        trace = copy.deepcopy(self.trace)
        if traces is not None:
            traces.append(trace)
        trace.update(scope=scope, remoteSite=item["rse"], filesize=os.path.getsize(item["path"]))
        answer = moved(
            "upload",
            f"{scope}:{name}",
            item["path"],
            rse=item["rse"],
            pfn=item.get("pfn", ""),
            timeout=item.get("transfer_timeout"),
        )
        fill(trace, answer)
        if answer["state"] != "DONE":
            self.logger(logging.WARNING, answer["reason"])
            self.logger(logging.ERROR, "Failed to upload file %s" % name)
            return {}
        self.logger(logging.INFO, "Successfully uploaded file %s" % name)
        about = {
            "scope": scope,
            "name": name,
            "bytes": answer["bytes"],
            "rse": item["rse"],
            "pfn": answer["pfn"],
            "guid": item.get("guid"),
            "adler32": answer["adler32"],
        }
        return {f"{scope}:{name}": about}
