"""The grid's own tools read our proxies and say of them what we say.

Needs voms-clients, nordugrid-arc-client and globus-proxy-utils on the PATH; skipped without.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest

from certificates.attributes import read_attributes
from certificates.certificate import ProxyKind
from certificates.chain import Chain
from certificates.chain import read_chain
from certificates.credential import Credential
from certificates.folders import authority_files
from certificates.folders import server_files
from certificates.proxies import proxy_of
from certificates.verdicts import VomsVerdict
from certificates.voms import VomsServer
from certificates.vomstrust import verify_attributes
from tests.certificates import grid

VOMS = shutil.which("voms-proxy-info") or shutil.which("voms-proxy-info2")
ARC = shutil.which("arcproxy")
GLOBUS = shutil.which("grid-proxy-info")
pytestmark = pytest.mark.programs
with_voms = pytest.mark.skipif(VOMS is None, reason="voms-clients is not installed")
VERIFY = shutil.which("voms-verify")
try:
    LIBRARY: ctypes.CDLL | None = ctypes.CDLL("libvomsapi.so.1")
except OSError:
    LIBRARY = None
with_verify = pytest.mark.skipif(VERIFY is None, reason="voms-clients is not installed")
with_library = pytest.mark.skipif(LIBRARY is None, reason="libvomsapi is not installed")
with_arc = pytest.mark.skipif(ARC is None, reason="nordugrid-arc-client is not installed")
with_globus = pytest.mark.skipif(GLOBUS is None, reason="globus-proxy-utils is not installed")
GENERIC = {"nickname": "ada"}
# These tools know but one time, the real one: what is good here is good for long.
LONG = partial(proxy_of, not_before=grid.BEGIN, lifetime_s=grid.LONG_S)
FRESH = grid.voms().attributes(
    grid.user().certificate,
    fqans=grid.FQANS,
    not_before=grid.BEGIN,
    lifetime_s=grid.LONG_S,
    generic=GENERIC,
)
STALE = grid.voms().attributes(
    grid.user().certificate, fqans=grid.FQANS, not_before=grid.BEGIN, lifetime_s=60
)
PROXIES = {
    "bare": LONG(grid.user()),
    "with attributes": LONG(grid.user(), attributes=[FRESH]),
    "of a proxy": LONG(LONG(grid.user(), attributes=[FRESH])),
    "limited": LONG(grid.user(), limited=True),
    "old": LONG(grid.user(), legacy=True),
    "old and limited": LONG(grid.user(), legacy=True, limited=True),
    "expired": LONG(grid.user(), lifetime_s=60),
    "of a lower authority": LONG(
        grid.lower_authority().issue_user(
            "/DC=sim/DC=grid/CN=Low", not_before=grid.BEGIN, lifetime_s=grid.LONG_S
        )
    ),
}


def made(
    *,
    vo: str = "atlas",
    host: str = "voms.atlas.sim",
    seed: str = "1",
    holder: Credential | None = None,
    fqans: tuple[str, ...] = grid.FQANS,
    targets: tuple[str, ...] = (),
) -> bytes:
    """Return attributes of the user that may be wrong in some way."""
    signer = grid.authority(seed).issue_host(host, not_before=grid.BEGIN, lifetime_s=grid.LONG_S)
    server = VomsServer(vo, signer, "voms.atlas.sim:15001")
    whom = (holder or grid.user()).certificate
    return server.attributes(whom, fqans=fqans, not_before=grid.NOW, targets=targets)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with what /etc/grid-security has."""
    authority = grid.authority()
    made = {
        **{f"certificates/{n}": t for n, t in authority_files(authority.certificate).items()},
        **{f"vomsdir/{n}": t for n, t in server_files(grid.voms()).items()},
    }
    for name, text in made.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def say(folder: Path, credential: Credential, *words: str) -> subprocess.CompletedProcess[str]:
    """Return what a tool said of *credential*."""
    path = folder / "proxy"
    path.write_text(credential.pem())
    path.chmod(0o600)
    env = {
        **os.environ,
        "X509_CERT_DIR": str(folder / "certificates"),
        "X509_VOMS_DIR": str(folder / "vomsdir"),
        "X509_USER_PROXY": str(path),
        "HOME": str(folder),
    }
    return subprocess.run(words, env=env, capture_output=True, text=True, check=False)


def untimed(text: str) -> list[str]:
    """Return the lines that say neither what the time is nor where the file lies."""
    odd = ("timeleft", "path", "Time left", "Proxy path")
    return [line for line in text.splitlines() if line and not line.startswith(odd)]


def voms_words(chain: Chain) -> list[str]:
    """Return what we expect of voms-proxy-info -all."""
    leaf = chain.leaf
    kinds = {ProxyKind.LEGACY: "proxy", ProxyKind.LEGACY_LIMITED: "limited proxy"}
    found = [
        f"subject   : {leaf.subject}",
        f"issuer    : {leaf.issuer}",
        f"identity  : {leaf.issuer}",
        f"type      : {kinds.get(leaf.proxy, 'RFC compliant proxy')}",
        f"strength  : {leaf.bits} bits",
        "key usage : Digital Signature, Key Encipherment",
    ]
    for attributes in chain.attributes:
        found += [
            f"=== VO {attributes.vo} extension information ===",
            f"VO        : {attributes.vo}",
            f"subject   : {attributes.holder}",
            f"issuer    : {attributes.issuer}",
            *(f"attribute : {fqan}" for fqan in attributes.fqans),
            *(f"attribute : {g.name} = {g.value} ({g.qualifier})" for g in attributes.generic),
            f"uri       : {attributes.uri}",
        ]
    return found


@with_voms
@pytest.mark.parametrize("name", PROXIES)
def test_voms_says_what_we_say(folder: Path, name: str) -> None:
    done = say(folder, PROXIES[name], str(VOMS), "-all")
    assert untimed(done.stdout) == voms_words(read_chain(PROXIES[name].pem()))
    assert (done.stderr, done.returncode) == ("", 0)


@with_voms
def test_voms_finds_attributes_expired_that_are(folder: Path) -> None:
    stale = LONG(grid.user(), attributes=[STALE])
    assert say(folder, stale, str(VOMS), "-actimeleft").stdout == "0\n"
    assert say(folder, PROXIES["expired"], str(VOMS), "-timeleft").stdout == "0\n"


@with_verify
@pytest.mark.parametrize("name", PROXIES)
def test_voms_verifies_our_chains(folder: Path, name: str) -> None:
    path = folder / "proxy"
    env = {"X509_CERT_DIR": str(folder / "certificates"), "X509_USER_CERT": str(path)}
    path.write_text(PROXIES[name].pem())
    done = subprocess.run(
        [str(VERIFY)], env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    assert ("succesfully" in done.stdout) == (name != "expired"), done.stderr


def believed(folder: Path, attributes: bytes, *, now: int, holder: Credential) -> bool:
    """Tell whether the VOMS library believes *attributes* in a proxy of *holder* at *now*."""
    assert LIBRARY is not None
    library, libc = LIBRARY, ctypes.CDLL(None)
    library.VOMS_Init.restype = libc.fopen.restype = ctypes.c_void_p
    path = folder / "proxy"
    path.write_text(LONG(holder, attributes=[attributes]).pem())
    folders = (bytes(folder / name) for name in ("vomsdir", "certificates"))
    state, error = ctypes.c_void_p(library.VOMS_Init(*folders)), ctypes.c_int(0)
    library.VOMS_SetVerificationTime(ctypes.c_long(now), state, ctypes.byref(error))
    file = ctypes.c_void_p(libc.fopen(bytes(path), b"r"))
    recurse_chain = 0
    found = library.VOMS_RetrieveFromFile(file, recurse_chain, state, ctypes.byref(error))
    libc.fclose(file)
    library.VOMS_Destroy(state)
    return bool(found)


def ours(attributes: bytes, *, now: int, holder: Credential) -> VomsVerdict:
    return verify_attributes(
        read_attributes(attributes),
        holder=holder.certificate,
        anchors=[grid.authority().certificate],
        trusted={"atlas": [grid.voms().lsc]},
        now=now,
    )


@with_library
@pytest.mark.parametrize("now", [-301, -300, -1, 0, 3600, 7200, 7499, 7500, 10**6])
def test_the_voms_library_believes_attributes_when_we_do(folder: Path, now: int) -> None:
    data = grid.attributes(7200)
    terms = {"now": grid.NOW + now, "holder": grid.user()}
    assert believed(folder, data, **terms) == (ours(data, **terms) is VomsVerdict.OK)


@with_library
@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (grid.attributes(nickname="ada"), VomsVerdict.OK),
        (grid.attributes().replace(b"production", b"productioN"), VomsVerdict.SIGNATURE),
        (made(vo="cms"), VomsVerdict.UNKNOWN_SERVER),
        (made(host="other.sim"), VomsVerdict.UNKNOWN_CHAIN),
        (made(seed="2"), VomsVerdict.SERVER_REFUSED),
        (made(holder=grid.host()), VomsVerdict.HOLDER_SERIAL),
        (made(fqans=("/cms/Role=pilot",)), VomsVerdict.GROUPS),
        (made(targets=("nowhere.sim",)), VomsVerdict.TARGET),
    ],
)
def test_the_voms_library_believes_what_we_believe(
    folder: Path, data: bytes, verdict: VomsVerdict
) -> None:
    terms = {"now": grid.NOW, "holder": grid.user()}
    assert ours(data, **terms) is verdict
    assert believed(folder, data, **terms) == (verdict is VomsVerdict.OK)


@with_arc
@pytest.mark.parametrize("name", PROXIES)
def test_arc_says_what_we_say(folder: Path, name: str) -> None:
    chain = read_chain(PROXIES[name].pem())
    words = [f"--infoitem={item}" for item in ("subject", "identity", "issuer", "keybits")]
    done = say(folder, PROXIES[name], str(ARC), *words)
    leaf = chain.leaf
    assert done.stdout.splitlines() == [leaf.subject, chain.identity, leaf.issuer, str(leaf.bits)]
    assert (done.stderr, done.returncode) == ("", 0)
    for item, value in (("validityStart", leaf.not_before), ("validityEnd", leaf.not_after)):
        assert say(folder, PROXIES[name], str(ARC), "-i", item).stdout == f"{value}\n"


@with_arc
def test_arc_believes_our_attributes(folder: Path) -> None:
    done = say(folder, PROXIES["with attributes"], str(ARC), "-I")
    assert untimed(done.stdout)[-8:] == [
        "====== AC extension information for VO atlas ======",
        "VO        : atlas",
        f"subject   : {grid.DN}",
        f"issuer    : {grid.voms().credential.subject}",
        f"uri       : {grid.voms().uri}",
        "attribute : /atlas/Role=production",
        "attribute : /atlas",
        "tag       : /atlas:nickname=ada",
    ]
    assert done.stderr == ""
    stale = say(folder, LONG(grid.user(), attributes=[STALE]), str(ARC), "-I")
    assert "AC is invalid: Out of time restrictions" in stale.stdout
    assert "AC has expired" in stale.stdout


@with_globus
@pytest.mark.parametrize("name", PROXIES)
def test_globus_says_what_we_say(folder: Path, name: str) -> None:
    chain = read_chain(PROXIES[name].pem())
    leaf = chain.leaf
    done = say(folder, PROXIES[name], str(GLOBUS))
    assert untimed(done.stdout) == [
        f"subject  : {leaf.subject}",
        f"issuer   : {leaf.issuer}",
        f"identity : {chain.identity}",
        f"type     : {leaf.proxy.value}",
        f"strength : {leaf.bits} bits",
    ]
    exists = say(folder, PROXIES[name], str(GLOBUS), "-exists").returncode
    assert exists == (1 if name == "expired" else 0)
