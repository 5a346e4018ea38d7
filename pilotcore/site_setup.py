"""The site's own set-up: run before anything else, and what it exports is the pilot's from then on.

Old queues name it in ``envsetup``: a script to be sourced, or shell commands. It runs in a shell
of its own, under a limit; the variables that this shell has at its end are merged into those of the
pilot, so that every tool and payload finds them. A set-up that fails or hangs would fail every job:
better none is asked for. Set-ups of single copy tools (``copysetup``) are sourced by data/transfer.
Read from PanDAWMS/pilot@a0cb471:SiteMover.py#getEnvsetup, environment.py.
"""

from __future__ import annotations

from typing import Mapping

from pilotcore.commands import run
from pilotcore.errors import PilotError
from pilotcore.logbook import Logbook
from pilotcore.orders import Orders
from pilotcore.platform import Command
from pilotcore.platform import Platform

TIMEOUT_S = 300.0
FAILED = 1110
# What a shell has for itself.
OWN = frozenset(("_", "OLDPWD", "PWD", "SHLVL"))


def with_setup(
    platform: Platform, log: Logbook, env: Mapping[str, str], *, setup: str, orders: Orders
) -> dict[str, str]:
    """Return *env* as *setup* leaves it. Raises PilotError (1110), and Cancelled by an order."""
    if not setup:
        return dict(env)
    # Whatever it says, on its output there are to be variables only.
    line = f"{command_of(setup)} >&2 && env -0"
    command = Command(("/bin/bash", "-c", line), env=env)
    outcome = run(platform, command, timeout_s=TIMEOUT_S, orders=orders)
    found = variables(outcome.stdout)
    if outcome.timed_out:
        raise PilotError(FAILED, f"envsetup does not end: {setup}")
    if outcome.code or not found:
        raise PilotError(FAILED, f"envsetup {outcome.code}: {outcome.stderr.strip()[-120:]}")
    changed = sorted(name for name in found if found[name] != env.get(name))
    log.info(f"envsetup has set {', '.join(changed) or 'nothing'}")
    return {**env, **found}


def command_of(setup: str) -> str:
    """Return the shell command for a script to be sourced, or for commands as they are."""
    text = setup.strip().rstrip(";")
    is_path = text.startswith("/") and not any(each in text for each in " ;&|")
    return f"source {text}" if is_path else f"{{ {text}; }}"


def variables(text: str) -> dict[str, str]:
    """Return the variables in the output of ``env -0``, without those of the shell itself."""
    rows = (each.partition("=") for each in text.split("\0") if "=" in each)
    return {name: value for name, _, value in rows if name not in OWN}
