"""Credentials that the server hands out: proxies, access tokens, key pairs.

Whom the real server lets have them stands in its table of users; here it is whoever is trusted.
"""

from __future__ import annotations

from fakeserver.codes import StatusCode
from fakeserver.identity import compact
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint

NO_DN = "Cannot extract DN from proxy. not HTTPS?"


@endpoint(
    "get_proxy",
    about="hand out a proxy with a given role",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L1367, "
    "@9cc36033:api/v1/credential_management_api.py#L211",
    legacy="getProxy",
    modern="creds/get_proxy",
    method="GET",
    takes="""
        role  role  str
        dn    dn    str
    """,
    production=False,
    refusal="",
)
def get_proxy(call: Call) -> Answer:
    """Answer with the PEM text, or say what is wrong."""
    denied = _denied(call, "proxy")
    if denied:
        return denied
    target = compact(call.text("dn") or call.identity.dn)
    return _secret(call.server.proxies.get(call.text("role")), f"proxy not found for {target}")


@endpoint(
    "get_access_token",
    about="hand out a token of a client, to who knows its key",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L1384, "
    "@9cc36033:api/v1/credential_management_api.py#L265",
    legacy="get_access_token",
    modern="creds/get_access_token",
    method="GET",
    takes="""
        client_name  client_name  str  required
        token_key    token_key    str
    """,
    production=False,
    refusal="",
)
def get_access_token(call: Call) -> Answer:
    """Answer with the token, or say what is wrong."""
    denied = _denied(call, "access token")
    if denied:
        return denied
    client = call.text("client_name")
    key = call.server.token_keys.get(client)
    if key is not None and key != call.text("token_key"):
        return _failure(StatusCode.INVALID, f"failed since token key is invalid for {client}")
    return _secret(call.server.tokens.get(client), f"token not found for {client}")


@endpoint(
    "get_key_pair",
    about="hand out the keys of an object store",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L1351, "
    "@9cc36033:api/v1/credential_management_api.py#L155",
    legacy="getKeyPair",
    modern="creds/get_key_pair",
    method="GET",
    takes="""
        publicKeyName   public_key_name   str  required
        privateKeyName  private_key_name  str  required
    """,
    production=False,
    refusal="",
)
def get_key_pair(call: Call) -> Answer:
    """Answer with both keys, or name the one that is missing."""
    denied = _denied(call, "key pair", always_json=False)
    if denied:
        return denied
    keys = []
    for variable in ("publicKeyName", "privateKeyName"):
        key = call.server.keys.get(call.text(variable))
        if key is None:
            text = f"{call.text(variable)} is missing"
            return _failure(StatusCode.MISSING_KEY, text, always_json=False)
        keys.append(key)
    public, private = keys
    return Answer(
        legacy={
            "StatusCode": int(StatusCode.SUCCESS),
            "publicKey": public,
            "privateKey": private,
        },
        modern={"public_key": public, "private_key": private},
    )


def _denied(call: Call, what: str, *, always_json: bool = True) -> Answer | None:
    if call.trusted:
        return None
    text = f"{compact(call.identity.dn)} may not have a {what}" if call.identity.known else NO_DN
    return _failure(StatusCode.PERMISSION, text, always_json=always_json)


def _secret(secret: str | None, otherwise: str) -> Answer:
    if secret is None:
        return _failure(StatusCode.PROXY, otherwise)
    return Answer(
        legacy={
            "StatusCode": int(StatusCode.SUCCESS),
            "errorDialog": "",
            "userProxy": secret,
        },
        modern={"user_proxy": secret},
        always_json=True,
    )


def _failure(code: StatusCode, text: str, *, always_json: bool = True) -> Answer:
    return Answer(
        legacy={"StatusCode": int(code), "errorDialog": text},
        success=False,
        message=text,
        always_json=always_json,
    )
