"""What a site of the real server can configure, and where this one may be told to be lenient."""

from __future__ import annotations

from dataclasses import dataclass

# The dispatcher said this until 2015 (panda-server@210fda47); the string lives on in clients.
OLD_WRONG_ATTEMPT = "badattemptnr"


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits and manners of one server.

    *lost_heartbeat_s*: a starting or running job without update for so long is lost. The value
    is the one pilots are told (10800 s); panda-server@9cc36033:daemons/scripts/copyArchive.py#L281
    configures it per workflow, 2 h where nothing is set.
    *sent_limit_s*: the same for a job that was sent and never heard of, 30 min there (#L335).
    *holding_limit_s*: the same for a job that a pilot left in holding: 3 h for analysis and for
    priority over 800, else 48 h there (#L355-L434).
    *adder_delay_s*: from a final update until its report is read; a daemon of minutes there.
    *anonymous*: take requests without any identity (plain http) for those of a pilot. The real
    server answers StatusCode 60, or that it wants a secure connection.
    *wrong_attempt_command*: said to an update for another attempt of the job.
    """

    lost_heartbeat_s: float = 10800.0
    sent_limit_s: float = 1800.0
    holding_limit_s: float = 10800.0
    adder_delay_s: float = 0.0
    anonymous: bool = True
    wrong_attempt_command: str = "tobekilled"
