"""A small grid for these tests: one CA, one below it, a host, a user, a VOMS server."""

from __future__ import annotations

from functools import lru_cache

from certificates.authority import YEAR_S
from certificates.authority import Authority
from certificates.authority import new_authority
from certificates.credential import Credential
from certificates.proxies import proxy_of
from certificates.voms import VomsServer

# The certificates hold from 2021 on for long, so that programs with a real clock take them too.
BEGIN = 1_609_459_200
NOW = 1_772_352_000
LONG_S = 25 * YEAR_S
DN = "/DC=sim/DC=grid/OU=People/CN=Ada Lovelace"
CA = "/DC=sim/DC=grid/CN=flightsim CA"
FQANS = ("/atlas/Role=production/Capability=NULL", "/atlas/Role=NULL/Capability=NULL")


@lru_cache
def authority(seed: str = "1") -> Authority:
    """Return the root CA."""
    return new_authority(CA, seed=seed, not_before=BEGIN, lifetime_s=LONG_S)


@lru_cache
def lower_authority(path_length: int | None = 0) -> Authority:
    """Return the CA below the root."""
    dn = "/DC=sim/DC=grid/CN=flightsim CA 2"
    return authority().issue_authority(
        dn, not_before=BEGIN, lifetime_s=LONG_S, path_length=path_length
    )


@lru_cache
def host(name: str = "panda.sim", *sans: str) -> Credential:
    """Return a host's credential."""
    return authority().issue_host(name, not_before=BEGIN, lifetime_s=LONG_S, sans=sans)


@lru_cache
def user(dn: str = DN) -> Credential:
    """Return a person's credential."""
    return authority().issue_user(dn, not_before=BEGIN, lifetime_s=LONG_S)


@lru_cache
def voms(vo: str = "atlas") -> VomsServer:
    """Return the VOMS server of *vo*."""
    return VomsServer(vo, host(f"voms.{vo}.sim"), f"voms.{vo}.sim:15001")


@lru_cache
def attributes(lifetime_s: int = 43_200, **more: str) -> bytes:
    """Return attributes of the user from NOW on, *more* of them generic."""
    return voms().attributes(
        user().certificate, fqans=FQANS, not_before=NOW, lifetime_s=lifetime_s, generic=more
    )


@lru_cache
def proxy(*, limited: bool = False, legacy: bool = False) -> Credential:
    """Return a proxy of the user without attributes, as good as the user's certificate."""
    return proxy_of(user(), not_before=BEGIN, lifetime_s=LONG_S, limited=limited, legacy=legacy)
