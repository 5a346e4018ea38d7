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


class TaskBufferError(IntEnum):
    """``taskBufferErrorCode`` of a job that the server ended."""

    KILLED = 100
    EVENTS_UNUSED = 116
    CLONE_UNLOCK = 200


ADDER_ERROR = 200  # ddmErrorCode of a job whose final report the adder did not accept
