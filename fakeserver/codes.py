"""Numbers that the server says: status codes of answers, error codes of jobs.

Read from panda-server@9cc36033: jobdispatcher/Protocol.py#L13-L30, jobdispatcher/ErrorCode.py,
dataservice/ErrorCode.py, taskbuffer/ErrorCode.py.
"""

from __future__ import annotations

from enum import IntEnum


class StatusCode(IntEnum):
    """``StatusCode`` of an answer."""

    SUCCESS = 0
    TIMEOUT = 10
    NO_JOBS = 20
    FAILED = 30
    INVALID = 50
    ROLE = 60
    PERMISSION = 70
    MISSING_KEY = 80
    PROXY = 90


class DispatcherError(IntEnum):
    """``jobDispatcherErrorCode`` of a job that the reaper ended."""

    LOST_HEARTBEAT = 100
    RECOVERY_FAILED = 101
    SENT_UNANSWERED = 102
    TIMEOUT_HOLDING = 103
    TIMEOUT_TRANSFERRING = 104
    TIMEOUT = 105


class TaskBufferError(IntEnum):
    """``taskBufferErrorCode`` of a job that the server ended."""

    KILLED = 100
    EXPIRED = 102
    ABORTED = 103
    REASSIGNED = 105
    RETRIED = 106
    PILOT_RETRIED = 107
    EVENTS_RETRIED = 111
    EVENTS_MERGE = 112
    MERGE_FAILED = 113
    EVENTS_MAX_ATTEMPT = 114
    EVENTS_WAIT_OTHERS = 115
    EVENTS_UNUSED = 116
    EVENTS_UNPROCESSED = 117
    EVENTS_LAST_UNPROCESSED = 118
    EVENTS_ALL_FAILED = 119
    FAST_REBROKERAGE = 130
    CLONE_UNLOCK = 200


ADDER_ERROR = 200  # ddmErrorCode of a job whose final report the adder did not accept
