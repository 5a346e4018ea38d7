"""Credentials that the server hands out: proxies, access tokens, key pairs.

Whom the real server lets have them stands in its table of users; here it is who has the permission
in ours, and whoever is trusted and is not in it unless the policy is ``registered_only``.
"""

from __future__ import annotations

from dataclasses import replace

from fakeserver.codes import StatusCode
from fakeserver.identity import compact
from fakeserver.people import KEY_PAIRS
from fakeserver.people import PROXIES
from fakeserver.people import TOKEN_KEYS
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
    denied = _denied(call, "proxy", PROXIES)
    if denied:
        return denied
    target = compact(call.text("dn") or call.identity.dn)
    proxy = call.server.vault.proxy(target, call.text("role"))
    return _secret(proxy, "proxy", target)


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
    denied = _denied(call, "access token", PROXIES)
    if denied:
        return denied
    client = call.text("client_name")
    key = call.server.token_keys.get(client)
    if key is not None and key != call.text("token_key"):
        return _failure(StatusCode.INVALID, f"failed since token key is invalid for {client}")
    token = call.server.vault.token(client, now=call.now)
    return _secret(token, "token", client)


@endpoint(
    "get_token_key",
    about="hand out the key by which tokens of a client are had",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L562, "
    "@9cc36033:api/v1/credential_management_api.py#L330",
    legacy="get_token_key",
    modern="creds/get_token_key",
    method="GET",
    takes="client_name client_name str required",
    production=False,
    refusal="",
)
def get_token_key(call: Call) -> Answer:
    """Answer with the key, or say what is wrong."""
    denied = _denied(call, "token key", TOKEN_KEYS, always_json=False)
    if denied:
        return denied
    client = call.text("client_name")
    key = call.server.token_keys.get(client)
    if key is None:
        return _failure(
            StatusCode.MISSING_KEY, f"Token key is missing for '{client}'", always_json=False
        )
    return Answer(
        legacy={"StatusCode": int(StatusCode.SUCCESS), "tokenKey": key}, modern={"tokenKey": key}
    )


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
    denied = _denied(call, "key pair", KEY_PAIRS, always_json=False)
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


def _denied(call: Call, what: str, permission: str, *, always_json: bool = True) -> Answer | None:
    if call.server.people.may(
        call.identity, permission, policy=call.server.policy, trusted=call.trusted
    ):
        return None
    text = NO_DN
    if call.identity.known:
        text = (
            f"failed: '{call.person}' not in authorized users with '{permission}' in "
            f"ATLAS_PANDAMETA.USERS.GRIDPREF to get {what}"
        )
    return _failure(StatusCode.PERMISSION, text, always_json=always_json)


def _secret(secret: str | None, what: str, target: str) -> Answer:
    if secret is None:
        text = f"{what} not found for {target}"
        return replace(_failure(StatusCode.PROXY, text), message=f"'{what}' not found for {target}")
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
