"""The folder of credentials: what is in it is good, and the CA stays."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from certificates.certificate import ProxyKind
from certificates.chain import read_chain
from certificates.verdicts import Verdict
from certificates.verifying import Proxies
from certificates.verifying import Purpose
from certificates.verifying import verify_chain
from fakeserver import tokens
from fakeserver.live.credentials import GRACE_S
from fakeserver.live.credentials import LIFETIME_S
from fakeserver.live.credentials import PERSONS
from fakeserver.live.credentials import Folder
from fakeserver.live.credentials import lend
from fakeserver.live.credentials import make_folder
from fakeserver.live.tls import server_context
from fakeserver.live.trust import read_trust
from simkernel import ScenarioError
from tests.fakeserver.live.running import JSON
from tests.fakeserver.live.running import PATIENCE_S
from tests.fakeserver.live.running import Running
from tests.fakeserver.live.running import now

NOW = 1_800_000_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Return a folder that was made at NOW."""
    path = tmp_path_factory.mktemp("made")
    return make_folder(path, vo="atlas", hosts=("serve.sim", "127.0.0.1", "::1"), now=NOW)


@pytest.mark.parametrize("person", PERSONS, ids=lambda each: each.name)
def test_a_proxy_is_good_for_a_week_and_says_who_and_what(made: Folder, person: object) -> None:
    from fakeserver.live.credentials import Person

    assert isinstance(person, Person)
    trust = read_trust(made.authorities, made.voms)
    chain = read_chain(made.proxy(person.name).read_text())
    for at, verdict in ((NOW, Verdict.OK), (NOW + LIFETIME_S, Verdict.EXPIRED)):
        found = verify_chain(
            chain.certificates,
            anchors=trust.anchors,
            now=at,
            purpose=Purpose.CLIENT,
            proxies=Proxies.RFC,
        )
        assert verdict is found
    assert (ProxyKind.FULL, False) == (chain.leaf.proxy, chain.is_limited)
    assert f"/DC=sim/DC=grid/OU=People/CN={person.common_name}" == chain.identity
    roles = [*person.roles, "NULL"]
    expected = tuple(f"/atlas/Role={role}/Capability=NULL" for role in roles)
    assert expected == trust.fqans(chain, now=NOW)


@pytest.mark.parametrize("name", ["serve.sim", "127.0.0.1", "::1"])
def test_the_host_is_good_under_each_of_its_names(made: Folder, name: str) -> None:
    chain = read_chain(made.host.read_text())
    anchors = read_trust(made.authorities, None).anchors
    assert Verdict.OK is verify_chain(
        chain.certificates, anchors=anchors, now=NOW, purpose=Purpose.SERVER, hostname=name
    )


def test_openssl_takes_the_files_as_they_are(made: Folder) -> None:
    server_context(certificate=str(made.host), trust=read_trust(made.authorities, made.voms))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(capath=str(made.authorities))
    for person in PERSONS:
        context.load_cert_chain(str(made.proxy(person.name)))


def test_the_token_is_the_pilots(made: Folder) -> None:
    token = (made.path / "pilot.token").read_text()
    identity = tokens.identity_of(token, origin="atlas.pilot", now=NOW, seed=made.seed)
    assert ("Pilot", ("/atlas/Role=pilot",)) == (identity.dn, identity.fqans)


def test_the_ca_stays_and_the_rest_is_new(tmp_path: Path) -> None:
    first = make_folder(tmp_path, vo="atlas", hosts=("localhost",), now=NOW)
    before = {path.name: path.read_text() for path in first.path.rglob("*.*")}
    proxy = first.proxy("pilot").read_text()
    again = make_folder(tmp_path, vo="atlas", hosts=("localhost",), now=NOW + 1000)
    after = {path.name: path.read_text() for path in again.path.rglob("*.*")}
    assert before.keys() == after.keys()
    same = {name for name in before if before[name] == after[name]}
    assert {".0", ".lsc", ".signing_policy", ".token_key"} == {Path(name).suffix for name in same}
    # Who still has a proxy of the first start is let in after the second.
    anchors = read_trust(again.authorities, None).anchors
    chain = read_chain(proxy).certificates
    assert Verdict.OK is verify_chain(chain, anchors=anchors, now=NOW + 1, proxies=Proxies.RFC)


def test_two_folders_do_not_believe_each_other(made: Folder, tmp_path: Path) -> None:
    other = make_folder(tmp_path, vo="atlas", hosts=("localhost",), now=NOW)
    chain = read_chain(made.proxy("pilot").read_text())
    anchors = read_trust(other.authorities, None).anchors
    assert Verdict.OK is not verify_chain(
        chain.certificates, anchors=anchors, now=NOW, proxies=Proxies.RFC
    )


def test_clocks_may_differ_a_little(made: Folder) -> None:
    chain = read_chain(made.proxy("pilot").read_text())
    anchors = read_trust(made.authorities, None).anchors
    good, early = NOW - GRACE_S, NOW - GRACE_S - 1
    verdicts = [
        verify_chain(chain.certificates, anchors=anchors, now=at, proxies=Proxies.RFC)
        for at in (good, early)
    ]
    assert [Verdict.OK, Verdict.NOT_YET_VALID] == verdicts


def test_nobody_else_may_read_any_of_it(made: Folder) -> None:
    modes = {path.name: path.stat().st_mode & 0o77 for path in made.path.rglob("*.*")}
    assert {0} == set(modes.values())


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ScenarioError, match="cannot be written"):
        make_folder(tmp_path / "file", vo="atlas", hosts=("localhost",), now=now())


def test_what_is_in_the_folder_is_handed_out_to_who_may_have_it(
    secure: Running, folder: Folder
) -> None:
    lend(secure.live.model, folder, vo="atlas")
    with secure.session(folder.proxy("production")) as pilot:
        url = f"{secure.secure}/server/panda"
        told = [
            pilot.post(f"{url}/getProxy", data=form, headers=JSON, timeout=PATIENCE_S).json()
            for form in ({"role": "production"}, {"role": "pilot"}, {"role": ""})
        ]
    proxies = [folder.proxy(name).read_text() for name in ("production", "pilot", "production")]
    assert [(0, text) for text in proxies] == [
        (each["StatusCode"], each["userProxy"]) for each in told
    ]
    assert 70 == read_token(secure, folder, "", "")["StatusCode"]


def read_token(secure: Running, folder: Folder, token: str, key: str) -> dict[str, Any]:
    """Return the answer to who asks for a new token, as pilot3 does."""
    headers = JSON | {"Origin": "atlas.pilot"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    with secure.session(None) as session:
        url = f"{secure.secure}/server/panda/get_access_token"
        query = {"client_name": "pilot_server", "token_key": key}
        answer = session.get(url, params=query, headers=headers, timeout=PATIENCE_S)
    told: dict[str, Any] = answer.json()
    return told


def test_a_token_is_renewed_by_its_key_and_the_new_one_is_as_good(
    secure: Running, folder: Folder
) -> None:
    lend(secure.live.model, folder, vo="atlas")
    token = (folder.path / "pilot.token").read_text()
    key = (folder.path / "pilot.token_key").read_text()
    assert 50 == read_token(secure, folder, token, "wrong")["StatusCode"]
    new = read_token(secure, folder, token, key)["userProxy"]
    assert new != token
    assert 0 == read_token(secure, folder, new, key)["StatusCode"]
