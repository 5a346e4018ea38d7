"""id, whoami and groups."""

from __future__ import annotations

from fakesites.tools import ToolCall
from fakesites.tools import UsageError
from fakesites.tools import tool
from fakesites.tools._options import Grammar

ID = Grammar(flags="ugnGr", long=(("group", "g"), ("name", "n"), ("user", "u")))


@tool("id")
def identity(call: ToolCall) -> int:
    """Write who the user is."""
    options = ID.read(call.argv)
    spec = call.node.spec
    user = call.node.processes.user_of(call.owner)
    if options.words:
        user = options.words[0]
        if user not in ("root", spec.user):
            raise UsageError(f"‘{user}’: no such user")
    uid, gid = spec.uid_of(user), spec.gid if user == spec.user else spec.uid_of(user)
    group = spec.group_of(user)
    if options.has("u"):
        call.out(f"{named(call, user) if options.has('n') else uid}\n")
    elif options.has("g", "G"):
        call.out(f"{group if options.has('n') else gid}\n")
    else:
        call.out(f"uid={uid}({user}) gid={gid}({group}) groups={gid}({group})\n")
    return 0


@tool("whoami")
def whoami(call: ToolCall) -> int:
    """Write the user's name."""
    call.out(f"{named(call, call.node.processes.user_of(call.owner))}\n")
    return 0


def named(call: ToolCall, user: str) -> str:
    """Return *user*. Raises UsageError if the data base of accounts does not know it."""
    if user != "root" and not call.node.conditions.has_account:
        raise UsageError(f"cannot find name for user ID {call.node.spec.uid_of(user)}")
    return user


@tool("groups")
def groups(call: ToolCall) -> int:
    """Write the user's groups."""
    call.out(f"{call.node.spec.group_of(call.node.processes.user_of(call.owner))}\n")
    return 0
