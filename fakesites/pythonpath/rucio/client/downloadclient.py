"""Rucio's download client: files by their URL, or by their name from where they are near.

Modelled: download_pfns, download_dids of files, the traces that are copied out, the exceptions.
Read from rucio@00bf7e22:lib/rucio/client/downloadclient.py. Not modelled: datasets, archives,
traces that are sent, threads (the files come one after the other).
"""

import copy
import logging
import os
import uuid

from rucio.client._moving import fill
from rucio.client._moving import moved
from rucio.client.client import Client
from rucio.common.exception import InputValidationError
from rucio.common.exception import NoFilesDownloaded
from rucio.common.exception import NotAllFilesDownloaded

GOOD = ("DONE", "ALREADY_DONE", "FOUND_IN_PCACHE")


class DownloadClient:
    """Brings files to the node."""

    def __init__(
        self, client=None, logger=None, tracing=True, check_admin=False, check_pcache=False
    ):
        self.client = client or Client()
        self.logger = logger.log if logger else logging.log
        self.tracing = tracing
        self.check_pcache = check_pcache
        self.trace_tpl = {
            "hostname": os.environ.get("HOSTNAME", ""),
            "localSite": os.environ.get("RUCIO_LOCAL_SITE_ID", ""),
            "account": self.client.account,
            "eventType": "download",
            "eventVersion": "api_35",
        }

    def download_pfns(
        self,
        items,
        num_threads=2,
        trace_custom_fields=None,
        traces_copy_out=None,
        deactivate_file_download_exceptions=False,
    ):
        """Bring *items*, whose URLs are given; return them with a clientState each."""
        for item in items:
            if not all(item.get(key) for key in ("did", "pfn", "rse")):
                raise InputValidationError("The keys did, pfn, and rse are mandatory")
        return self._all(
            items, trace_custom_fields, traces_copy_out, deactivate_file_download_exceptions
        )

    def download_dids(
        self,
        items,
        num_threads=2,
        trace_custom_fields=None,
        traces_copy_out=None,
        deactivate_file_download_exceptions=False,
        sort=None,
    ):
        """Bring *items* from where the catalogue says they are, near ones first."""
        bare = [{key: item[key] for key in item if key != "pfn"} for item in items]
        return self._all(
            bare, trace_custom_fields, traces_copy_out, deactivate_file_download_exceptions
        )

    def _all(self, items, fields, traces, quiet):
        self.logger(logging.INFO, "Processing %d item(s) for input" % len(items))
        fields = fields if fields is not None else {}
        fields["uuid"] = uuid.uuid4().hex
        done = [self._one(dict(item), fields, traces) for item in items]
        good = [item for item in done if item["clientState"] in GOOD]
        if quiet or len(good) == len(done):
            return done
        raise NotAllFilesDownloaded() if good else NoFilesDownloaded()

    def _one(self, item, fields, traces):
        scope, _, name = item["did"].partition(":")
        # pilot3 gives its own report, which is a dict.
        trace = {**copy.deepcopy(self.trace_tpl), **dict(fields)}
        trace.update(scope=scope, filename=name, clientState="DOWNLOAD_ATTEMPT", stateReason="")
        if traces is not None:
            traces.append(trace)
        folder = item.get("base_dir", ".")
        if not item.get("no_subdir"):
            folder = os.path.join(folder, scope)
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, name)
        self.logger(logging.INFO, "Preparing download of %s" % item["did"])
        checked = not item.get("pfn") and not item.get("ignore_checksum")
        flags = [*(["checksum"] if checked else []), *(["pcache"] if self.check_pcache else [])]
        answer = moved(
            "download",
            item["did"],
            path,
            rse=item.get("rse", ""),
            pfn=item.get("pfn", ""),
            timeout=item.get("transfer_timeout"),
            flags=flags,
        )
        trace["remoteSite"] = answer["rse"]
        fill(trace, answer)
        self._tell(item, answer)
        item.update(clientState=answer["state"], dest_file_paths=[path], scope=scope, name=name)
        return item

    def _tell(self, item, answer):
        if answer["state"] in GOOD:
            self.logger(logging.INFO, "File %s successfully downloaded" % item["did"])
            return
        self.logger(logging.WARNING, answer["reason"])
        self.logger(logging.ERROR, "Failed to download file %s" % item["did"])
