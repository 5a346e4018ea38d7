"""What a site of the real server can configure, and where this one may be told to be lenient."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import fields
from dataclasses import replace
from typing import Any
from typing import Iterable

from simkernel import ScenarioError
from simkernel import nearest

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
    *holding_production_limit_s*: the same for other production, 48 h there; None as the above.
    *transferring_limit_s*: for a job whose outputs are under way; None as a running one.
    *queued_limit_s*: how long a job may wait for a pilot, 7 days there (#L478); None for ever.
    *archive_after_s*: when an ended job moves to the table of its month.
    *adder_delay_s*: from a final update until its report is read; a daemon of minutes there.
    *anonymous*: take requests without any identity (plain http) for those of a pilot. The real
    server answers StatusCode 60, or that it wants a secure connection.
    *wrong_attempt_command*: said to an update for another attempt of the job.
    *cross_vo*: a pilot may run jobs of another VO than that of its credential.
    *signed_records*: job records carry the encryption of their transformation (``signing``).
    *registered_only*: nobody submits who is not in the table of users, and credentials go only to
    those with the permission there; else strangers are entered as they come, and a role will do.
    *server_id*: what makes the ids of jobs global.
    *task_jobs_max*: how many jobs one task may become.
    *token_seed*: what the key that signs tokens is made of; who knows it can be anybody.
    """

    lost_heartbeat_s: float = 10800.0
    sent_limit_s: float = 1800.0
    holding_limit_s: float = 10800.0
    holding_production_limit_s: float | None = None
    transferring_limit_s: float | None = None
    queued_limit_s: float | None = None
    archive_after_s: float = 259200.0
    adder_delay_s: float = 0.0
    anonymous: bool = True
    wrong_attempt_command: str = "tobekilled"
    cross_vo: bool = True
    signed_records: bool = False
    registered_only: bool = False
    server_id: str = "sim"
    task_jobs_max: int = 10000
    token_seed: str = "panda"


def read_policy(texts: Iterable[str], policy: Policy) -> Policy:
    """Return *policy* changed as *texts* say, each ``name=value``; ``none`` is for ever.

    Raises ScenarioError for a name that is none, and for a value that does not fit.
    """
    kinds = {each.name: str(each.type) for each in fields(Policy) if each.name != "token_seed"}
    for text in texts:
        name, _, value = text.partition("=")
        if name not in kinds:
            near = nearest(name, kinds)
            remedy = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(kinds)}"
            raise ScenarioError(f"there is no policy {name!r}", where="policy", remedy=remedy)
        policy = replace(policy, **{name: _value(name, value, kinds[name])})
    return policy


def _value(name: str, text: str, kind: str) -> Any:
    """Return *text* as the kind that a field has."""
    try:
        if kind == "str":
            return text
        if kind == "bool":
            return {"true": True, "yes": True, "false": False, "no": False}[text.lower()]
        if kind.endswith("None") and text.lower() == "none":
            return None
        return int(text) if kind == "int" else float(text)
    except (KeyError, ValueError):
        wanted = "yes or no" if kind == "bool" else f"a number ({kind})"
        raise ScenarioError(f"{name} is to be {wanted}, not {text!r}", where="policy") from None
