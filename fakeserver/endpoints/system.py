"""Anybody asks how the server sees him, and what the server knows of queues and people."""

from __future__ import annotations

import re
from typing import Any

from fakeserver.identity import has_production_role
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint

SOURCE = "panda-server@9cc36033:api/v1/system_api.py#L{}"
GROUP = re.compile(r"/[^/]+/([^/]+)/Role=production")


def environment(call: Call) -> dict[str, str]:
    """Return what a web server with mod_ssl and gridsite would say of the caller."""
    told = {
        f"GRST_CRED_AURI_{number}": f"VOMS {fqan}"
        for number, fqan in enumerate(call.identity.fqans)
    }
    return {**told, "HTTP_USER_AGENT": call.agent, "SSL_CLIENT_S_DN": call.identity.dn}


@endpoint(
    "get_attributes",
    about="say with what parameters and in what environment the caller came",
    source=SOURCE.format(24),
    modern="system/get_attributes",
    method="GET",
    production=False,
    anything=True,
)
def get_attributes(call: Call) -> Answer:
    """Answer with both, as text and as names and values."""
    params = {name: str(value) for name, value in sorted(call.values.items())}
    around = environment(call)
    text = "===== param =====\n" + "\n".join(f"{name} = {params[name]}" for name in params)
    text += "\n\n====== env ======\n" + "\n".join(f"{name} : {around[name]}" for name in around)
    return Answer(message=text + "\n", modern={"parameters": params, "environment": around})


@endpoint(
    "get_voms_attributes",
    about="say with what VOMS attributes the caller came",
    source=SOURCE.format(63),
    modern="system/get_voms_attributes",
    method="GET",
    production=False,
)
def get_voms_attributes(call: Call) -> Answer:
    """Answer with them, as text and as names and values."""
    around = environment(call)
    own = {name: value for name, value in around.items() if name.startswith("GRST_CRED_")}
    text = "\n".join(f"{name} : {value}" for name, value in sorted(own.items()))
    return Answer(message=text, modern=own)


@endpoint(
    "get_user_attributes",
    about="say who the caller is and which roles he has",
    source=SOURCE.format(97),
    modern="system/get_user_attributes",
    method="GET",
    production=False,
)
def get_user_attributes(call: Call) -> Answer:
    """Answer with names and values."""
    groups = [match[1] for fqan in call.identity.fqans if (match := GROUP.search(fqan))]
    told: dict[str, Any] = {
        "user_dn_raw": call.identity.dn,
        "user_dn_clean": call.person,
        "fqans": list(call.identity.fqans),
        "is_production_user": has_production_role(call.identity),
        "production_working_groups": groups,
        "primary_working_group": groups[-1].split("-")[-1].lower() if groups else None,
    }
    text = "".join(f"{name}: {value}\n" for name, value in told.items())
    return Answer(message=text, modern=told)


@endpoint(
    "get_site_specs",
    about="give the queuedata of the queues of a type",
    source="panda-server@9cc36033:api/v1/metaconfig_api.py#L55",
    modern="metaconfig/get_site_specs",
    method="GET",
    takes="- type str",
    secure=False,
    production=False,
)
def get_site_specs(call: Call) -> Answer:
    """Answer with queuedata by queue."""
    kind = call.text("type") or "analysis"
    told = {
        name: data
        for name, data in sorted(call.server.queues.items())
        if kind == "all" or data.get("type") == kind
    }
    return Answer(modern=told)


@endpoint(
    "get_banned_users",
    about="list who may do nothing",
    source="panda-server@9cc36033:api/v1/metaconfig_api.py#L29",
    modern="metaconfig/get_banned_users",
    method="GET",
    production=False,
)
def get_banned_users(call: Call) -> Answer:
    """Answer with names, each with false."""
    people = call.server.people
    return Answer(modern={name: False for name in sorted(people.users) if people.banned(name)})
