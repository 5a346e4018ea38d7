"""Events of the site around the worker node: transfers, storage, batch, credentials."""

from __future__ import annotations

from simkernel import declare

TRANSFER_BEGIN = declare(
    "transfer.begin", "id", "tool", "source", "target", "bytes", about="a copy tool opened a file"
)
TRANSFER_END = declare(
    "transfer.end", "id", "code", "bytes", "seconds", "why", about="a copy ended, or was killed"
)

STORAGE_WRITE = declare(
    "storage.write",
    "endpoint",
    "path",
    "bytes",
    "adler32",
    "by",
    "whole",
    about="a file was stored; whole is there, and false, if the copy was cut",
)
STORAGE_READ = declare(
    "storage.read", "endpoint", "path", "bytes", "by", about="a file was read, wholly or in part"
)
STORAGE_DELETE = declare("storage.delete", "endpoint", "path", "by", about="a file was removed")
STORAGE_STAGED = declare(
    "storage.staged", "endpoint", "path", "seconds", "by", about="a file came from tape to disk"
)

CREDENTIAL_REFUSED = declare(
    "credential.refused", "endpoint", "subject", "why", about="a door refused a credential"
)

BATCH_SUBMIT = declare(
    "batch.submit", "pilot", "queue", "node", "walltime_s", about="a pilot was queued"
)
BATCH_START = declare("batch.start", "pilot", about="a pilot got a slot")
BATCH_SIGNAL = declare(
    "batch.signal", "pilot", "signal", "reason", about="the batch system signalled a pilot"
)
BATCH_HELD_BACK = declare(
    "batch.held_back", "pilot", "idle", about="a pilot is not sent yet, as too many wait"
)
BATCH_OUTPUT_LOST = declare(
    "batch.output_lost", "pilot", about="the batch system did not return what a pilot wrote"
)
BATCH_END = declare("batch.end", "pilot", "code", "reason", about="a pilot gave its slot back")
