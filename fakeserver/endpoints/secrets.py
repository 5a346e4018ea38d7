"""People leave secrets with the server and fetch them again; pilots get them with a job."""

from __future__ import annotations

import json

from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint

NO_DN = "SSL_CLIENT_S_DN is missing in HTTP request"


@endpoint(
    "set_user_secrets",
    about="keep, change or forget a secret of the caller",
    source="panda-server@2e1a1449:userinterface/UserIF.py#L1896, "
    "@9cc36033:api/v1/credential_management_api.py#L80",
    legacy="set_user_secret",
    modern="creds/set_user_secrets",
    takes="""
        key    key    str
        value  value  str
    """,
    production=False,
    refusal="",
)
def set_user_secrets(call: Call) -> Answer:
    """Answer ``OK``."""
    if not call.identity.known and not call.server.policy.anonymous:
        return Answer(legacy=json.dumps([False, NO_DN]), success=False, message=NO_DN)
    call.server.vault.set_secret(call.person, call.values.get("key"), call.values.get("value"))
    return Answer(legacy=json.dumps([True, "OK"]), message="OK")


@endpoint(
    "get_user_secrets",
    about="give the caller his secrets",
    source="panda-server@2e1a1449:userinterface/UserIF.py#L1909, "
    "@9cc36033:api/v1/credential_management_api.py#L110, "
    "taskbuffer/db_proxy_mods/entity_module.py#L2236",
    legacy="get_user_secrets",
    modern="creds/get_user_secrets",
    method="GET",
    takes="""
        keys      keys  list
        get_json  -     bool
    """,
    production=False,
    refusal="",
)
def get_user_secrets(call: Call) -> Answer:
    """Answer with JSON in a text, as the real server does unless asked for an object."""
    if not call.identity.known and not call.server.policy.anonymous:
        return Answer(legacy=json.dumps([False, NO_DN]), success=False, message=NO_DN, modern={})
    keys = call.values.get("keys")
    wanted = ",".join(str(each) for each in keys) if isinstance(keys, list) else str(keys or "")
    found = call.server.vault.secrets_of(call.person, wanted)
    as_object = call.text("get_json").lower() == "true"
    return Answer(
        legacy=json.dumps([True, found if as_object else json.dumps(found)]),
        modern=json.dumps(found),
    )
