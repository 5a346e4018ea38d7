"""Who is not let in, and what the real server says to them.

TLS alerts are OpenSSL's, as under Apache; the rest is read from panda-server@9cc36033:
api/v1/common.py, server/panda.py, srvcore/panda_request.py and @2e1a1449:jobdispatcher.
"""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from fakeserver import tokens
from fakeserver.live.credentials import Folder
from tests.fakeserver.live.running import HOUR_S
from tests.fakeserver.live.running import JSON
from tests.fakeserver.live.running import PATIENCE_S
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.live.running import Issuer
from tests.fakeserver.live.running import Running
from tests.fakeserver.live.running import eventually
from tests.fakeserver.live.running import issuer
from tests.fakeserver.live.running import now
from tests.fakeserver.servers import spec

ROLE = "/atlas/Role=pilot/Capability=NULL"
NO_ROLE = "no production/pilot role in VOMS FQANs or non pilot owner"
LEGACY = "/server/panda/getJob"
MODERN = "/api/v1/pilot/acquire_jobs"
UPDATE = "/api/v1/pilot/update_job"
FORM = {"siteName": QUEUE, "prodSourceLabel": "managed"}
BODY = {"site_name": QUEUE, "prod_source_label": "managed"}


@pytest.fixture
def known(folder: Folder) -> Issuer:
    """Return the CA that the server believes."""
    return issuer((folder.path / "seed").read_text())


def written(path: Path, text: str) -> Path:
    """Return the file *path* with *text* in it."""
    path.write_text(text)
    return path


def asked(served: Running, proxy: Path | None, **headers: str) -> list[requests.Response]:
    """Return what *proxy* is answered: asking for a job in both dialects, and to an update."""
    with served.session(proxy) as session:
        session.headers.update(headers)
        legacy = session.post(served.secure + LEGACY, data=FORM, headers=JSON, timeout=PATIENCE_S)
        modern = session.post(served.secure + MODERN, json=BODY, headers=JSON, timeout=PATIENCE_S)
        values = {"job_id": 1, "job_status": "running"}
        update = session.post(served.secure + UPDATE, json=values, headers=JSON, timeout=PATIENCE_S)
    return [legacy, modern, update]


def alert_of(served: Running, proxy: Path, version: ssl.TLSVersion) -> str:
    """Return the alert that ends a connection with *proxy*."""
    assert served.folder is not None
    context = ssl.create_default_context(cafile=str(next(served.folder.authorities.glob("*.0"))))
    context.load_cert_chain(str(proxy))
    context.minimum_version = context.maximum_version = version
    address = urlsplit(served.secure)
    raw = socket.create_connection((address.hostname, address.port), PATIENCE_S)
    with (
        pytest.raises(ssl.SSLError) as caught,
        context.wrap_socket(raw, server_hostname="localhost") as wire,
    ):
        # TLS 1.3: the client believes the handshake over before the server has judged.
        wire.sendall(b"GET / HTTP/1.1\r\n\r\n")
        wire.recv(100)
    return str(caught.value.reason)


def test_a_pilot_with_its_role_gets_a_job_in_both_dialects(
    secure: Running, known: Issuer, tmp_path: Path
) -> None:
    secure.live.model.define_job(spec(1))
    secure.live.model.define_job(spec(2))
    proxy = written(tmp_path / "pilot.pem", known.proxy(ROLE))
    legacy, modern, update = asked(secure, proxy)
    assert (0, 1) == (legacy.json()["StatusCode"], legacy.json()["PandaID"])
    assert (True, 2) == (modern.json()["success"], modern.json()["data"]["jobs"][0]["PandaID"])
    assert (True, "NULL") == (update.json()["success"], update.json()["data"]["command"])
    assert {"Grace Hopper-127.0.0.1"} == {job.pilot for job in secure.live.model.jobs.values()}


def test_the_proxies_of_the_folder_have_the_roles_of_their_names(secure: Running) -> None:
    assert secure.folder is not None
    secure.live.model.define_job(spec(1))
    codes = []
    for name in ("person", "pilot", "production"):
        legacy, _, update = asked(secure, secure.folder.proxy(name))
        codes.append((name, legacy.json()["StatusCode"], update.json()["success"]))
    assert [("person", 60, False), ("pilot", 0, True), ("production", 20, True)] == codes


def test_without_a_certificate(secure: Running) -> None:
    legacy, modern, update = asked(secure, None)
    assert (200, {"StatusCode": 60, "errorDialog": NO_ROLE}) == (legacy.status_code, legacy.json())
    refused = {"success": False, "message": "SSL secure connection is required", "data": None}
    assert [(200, refused)] * 2 == [(each.status_code, each.json()) for each in (modern, update)]


def test_without_a_role(secure: Running, known: Issuer, tmp_path: Path) -> None:
    legacy, modern, update = asked(secure, written(tmp_path / "person.pem", known.proxy()))
    assert {"StatusCode": 60, "errorDialog": NO_ROLE} == legacy.json()
    assert {"success": False, "message": NO_ROLE, "data": None} == modern.json()
    refused = {"success": False, "message": "production or pilot role required", "data": None}
    assert refused == update.json()


def test_with_attributes_that_have_ended(secure: Running, known: Issuer, tmp_path: Path) -> None:
    proxy = known.proxy(ROLE, attributes_lifetime_s=HOUR_S // 2)
    legacy, _, _ = asked(secure, written(tmp_path / "late.pem", proxy))
    assert 60 == legacy.json()["StatusCode"]


def test_with_attributes_of_a_server_that_nobody_knows(
    secure: Running, known: Issuer, tmp_path: Path
) -> None:
    forger = issuer("forger").voms
    attributes = forger.attributes(
        known.person.certificate, fqans=[ROLE], not_before=now() - HOUR_S
    )
    proxy = known.proxy(attributes=[attributes])
    legacy, _, _ = asked(secure, written(tmp_path / "forged.pem", proxy))
    assert 60 == legacy.json()["StatusCode"]


VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)


@pytest.mark.parametrize("version", VERSIONS)
def test_with_an_expired_proxy(
    secure: Running, known: Issuer, tmp_path: Path, version: ssl.TLSVersion
) -> None:
    begin = now() - 2 * HOUR_S
    proxy = written(tmp_path / "old.pem", known.proxy(ROLE, not_before=begin, lifetime_s=HOUR_S))
    assert "SSLV3_ALERT_CERTIFICATE_EXPIRED" == alert_of(secure, proxy, version)
    expected = {"certificate verify failed: certificate has expired": 1}
    eventually(lambda: expected == secure.serving.meter.refusals)


@pytest.mark.parametrize("version", VERSIONS)
def test_with_a_foreign_ca(secure: Running, tmp_path: Path, version: ssl.TLSVersion) -> None:
    foreign = issuer("elsewhere", "/DC=org/CN=Another CA")
    proxy = written(tmp_path / "foreign.pem", foreign.proxy(ROLE))
    assert "TLSV1_ALERT_UNKNOWN_CA" == alert_of(secure, proxy, version)


def test_with_the_name_of_the_ca_but_not_its_key(secure: Running, tmp_path: Path) -> None:
    proxy = written(tmp_path / "false.pem", issuer("impostor").proxy(ROLE))
    # The path is found by name and key identifier, and none of ours has this one.
    assert "ALERT" in alert_of(secure, proxy, ssl.TLSVersion.TLSv1_3)


def wrong_tokens(seed: str) -> dict[str, tuple[str, str]]:
    """Return tokens with the origin they are shown for, by what is wrong with them.

    *seed* is what the key of the issuer is made of. The words are those of jwt.exceptions, which
    panda-server@9cc36033:srvcore/panda_request.py (decode_token) puts after "Invalid token.", and
    of itself.
    """
    late = tokens.issue("x", vo="atlas", now=0.0, seed=seed)
    forged = tokens.issue("x", vo="atlas", role="pilot", now=4e9, seed="forger")
    good = tokens.issue("x", vo="atlas", role="pilot", now=4e9, seed=seed)
    return {
        "Invalid token. Not enough segments": ("a.b", "atlas"),
        "Invalid token. Signature has expired": (late, "atlas"),
        "Invalid token. Signature verification failed": (forged, "atlas.pilot"),
        "Unknown vo : cms": (good, "cms"),
    }


@pytest.mark.parametrize("why", wrong_tokens("any"))
def test_with_a_wrong_token(secure: Running, folder: Folder, why: str) -> None:
    token, origin = wrong_tokens(folder.seed)[why]
    answers = asked(secure, None, Authorization=f"Bearer {token}", Origin=origin)
    # server/panda.py: pre_validate_request, and the 403 of application().
    said = f"ERROR : Token authentication failed. {why}"
    assert [(403, said)] * 3 == [(answer.status_code, answer.text) for answer in answers]


def test_tokens_that_anybody_could_make_are_no_good(secure: Running) -> None:
    guessed = tokens.issue("x", vo="atlas", role="pilot", now=float(now()))
    answers = asked(secure, None, Authorization=f"Bearer {guessed}", Origin="atlas.pilot")
    assert [403] * 3 == [answer.status_code for answer in answers]


def test_a_good_token_is_as_good_as_a_certificate(secure: Running) -> None:
    secure.live.model.define_job(spec(1))
    assert secure.folder is not None
    token = (secure.folder.path / "pilot.token").read_text()
    headers = {"Authorization": f"Bearer {token}", "Origin": "atlas.pilot"}
    legacy, _, _ = asked(secure, None, **headers)
    assert 1 == legacy.json()["PandaID"]


def test_a_limited_proxy_of_rfc_3820_is_let_in_as_it_is_there(
    secure: Running, known: Issuer, tmp_path: Path
) -> None:
    secure.live.model.define_job(spec(1))
    proxy = written(tmp_path / "limited.pem", known.proxy(ROLE, limited=True))
    legacy, modern, update = asked(secure, proxy)
    # api/v1/common.py: is_secure looks for /CN=limited proxy, a name of Globus 2.
    assert 1 == legacy.json()["PandaID"]
    assert ["No jobs in PanDA", ""] == [each.json()["message"] for each in (modern, update)]


def test_with_a_limited_proxy_of_globus_2(secure: Running, known: Issuer, tmp_path: Path) -> None:
    proxy = known.proxy(ROLE, limited=True, legacy=True)
    limited = written(tmp_path / "limited.pem", proxy)
    # OpenSSL knows proxies by their extension only: for it that one was issued by no CA.
    assert "ALERT" in alert_of(secure, limited, ssl.TLSVersion.TLSv1_3)


def test_plain_http_says_who_nobody_is(secure: Running) -> None:
    url = secure.plain + LEGACY
    legacy = requests.post(
        url, data=FORM, headers=JSON | {"SSL-Client-S-DN": "/CN=Me"}, timeout=PATIENCE_S
    )
    assert 60 == legacy.json()["StatusCode"]
