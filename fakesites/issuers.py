"""Who issues credentials in the simulated grid, and whom a node trusts: its CA, VOMS servers.

Models one CA for all worlds, as a real grid has had the same one for decades: it was there before
the first flight and will be there after the last one. Its certificates follow from one seed; those
that every flight needs lie signed in ``issued.pem`` beside this file, as a signature takes 8 ms.
A CA of another name can be asked for, whom nobody trusts. Not modelled: CAs below the root, who may
ask for what.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Iterable

from certificates.authority import Authority
from certificates.authority import new_authority
from certificates.certificate import Certificate
from certificates.chain import read_chain
from certificates.credential import Credential
from certificates.crl import Crl
from certificates.folders import authority_files
from certificates.folders import server_files
from certificates.keys import key_of
from certificates.voms import PORT
from certificates.voms import VomsServer

SEED = "flightsim"
BASE = "/DC=sim/DC=grid"
AUTHORITY = f"{BASE}/CN=flightsim CA"
PILOTS = f"{BASE}/OU=People/CN=Pilot Submitter"
VO = "atlas"
# 2000 to 2047: ARC reads the years before as those of a century later, and years from 2050 on are
# written in another form.
BEGIN = 946_684_800
LIFETIME_S = 48 * 365 * 86_400
ISSUED = Path(__file__).with_name("issued.pem")
MYPROXY = "myproxy.sim"
PANDA = "pandaserver.sim"
PANDA_ALIASES = ("pandacache.sim", "pandaserver-doma.cern.ch", "atlas-cric.cern.ch")


@lru_cache(maxsize=1)
def _issued() -> dict[str, Certificate]:
    """Return the certificates that lie beside this file, by subject."""
    found = read_chain(ISSUED.read_text(encoding="ascii")).certificates
    return {certificate.subject: certificate for certificate in found}


def _kept(subject: str) -> Credential | None:
    """Return the credential of *subject* if its certificate is kept."""
    certificate = _issued().get(subject)
    if certificate is None:
        return None
    return Credential(certificate, key_of(SEED, subject), (), SEED)


@lru_cache(maxsize=64)
def authority(dn: str = AUTHORITY) -> Authority:
    """Return the CA named *dn*: the one of the grid, or another one, whom nobody trusts."""
    kept = _kept(dn)
    return Authority(kept) if kept else _new_authority(dn)


def _new_authority(dn: str) -> Authority:
    return new_authority(dn, seed=SEED, not_before=BEGIN, lifetime_s=LIFETIME_S)


@lru_cache(maxsize=256)
def person(dn: str, issuer: str = AUTHORITY) -> Credential:
    """Return the credential of a person or a robot, issued by the CA named *issuer*."""
    kept = _kept(dn) if issuer == AUTHORITY else None
    return kept or authority(issuer).issue_user(dn, not_before=BEGIN, lifetime_s=LIFETIME_S)


@lru_cache(maxsize=256)
def host(name: str, aliases: tuple[str, ...] = (), issuer: str = AUTHORITY) -> Credential:
    """Return the credential of the host *name*, also known by its *aliases*."""
    kept = _kept(host_dn(name)) if issuer == AUTHORITY else None
    if kept and kept.certificate.extensions.hosts == (name, *aliases):
        return kept
    return authority(issuer).issue_host(name, not_before=BEGIN, lifetime_s=LIFETIME_S, sans=aliases)


def host_dn(name: str) -> str:
    """Return the subject of the certificate of the host *name*."""
    return f"{BASE}/OU=Services/CN={name}"


@lru_cache(maxsize=64)
def voms_server(vo: str) -> VomsServer:
    """Return the VOMS server of *vo*."""
    name = f"voms.{vo}.sim"
    return VomsServer(vo, host(name), f"{name}:{PORT}")


@lru_cache(maxsize=64)
def authorities_folder(crls: tuple[Crl, ...] = ()) -> dict[str, str]:
    """Return the files of the folder of trusted CAs, by name, with *crls* of what they revoked."""
    return authority_files(authority().certificate, crls)


def voms_folder(vos: Iterable[str]) -> dict[str, str]:
    """Return the files of the folder of trusted VOMS servers, by name: <vo>/<host>.lsc."""
    files: dict[str, str] = {}
    for vo in vos:
        files |= server_files(voms_server(vo))
    return files


def issue_all() -> str:
    """Return what ``issued.pem`` has to say: everything that every flight needs, signed anew."""
    grid = _new_authority(AUTHORITY)
    credentials = (
        grid.credential,
        grid.issue_user(PILOTS, not_before=BEGIN, lifetime_s=LIFETIME_S),
        *(
            grid.issue_host(name, not_before=BEGIN, lifetime_s=LIFETIME_S, sans=aliases)
            for name, aliases in ((f"voms.{VO}.sim", ()), (PANDA, PANDA_ALIASES), (MYPROXY, ()))
        ),
    )
    return "".join(credential.certificate.pem() for credential in credentials)


if __name__ == "__main__":
    print(issue_all(), end="")
