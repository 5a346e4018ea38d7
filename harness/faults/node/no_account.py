"""The user of the jobs has no account: LDAP lost it, or the node does not ask LDAP."""

from __future__ import annotations

from dataclasses import dataclass

from fakesites.conditions import Conditions
from harness.faults import Fuse
from harness.faults import fault
from harness.faults.node._conditions import on_conditions


@fault("no_account", on=("node.account",), about="let the user's number have no name")
@dataclass(frozen=True, slots=True)
class NoAccount:
    """Take the user out of the account data base; the number stays what it is."""

    def install(self, trigger: Fuse) -> None:
        """Take the user out when the trigger says."""
        on_conditions(trigger, _forget)


def _forget(conditions: Conditions) -> None:
    conditions.has_account = False
