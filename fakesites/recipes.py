"""Proxies as they are made: by a recipe, and anew with other lifetimes.

Models what ``voms-proxy-init`` does on the machine of whoever submits pilots: attributes from the
VOMS server, signed into a proxy of RFC 3820. Not modelled: delegation by request.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from random import Random

from certificates.proxies import proxy_of
from fakesites import issuers
from fakesites.credentials import AUTHORITY
from fakesites.credentials import Credential
from fakesites.credentials import read_pem

# Tools date a proxy back, so that a clock that is a little slow does not see it in the future.
BACKDATED_S = 300


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a proxy is made from: the same recipe is the same file.

    *dn* holds it, signed by the CA named *authority*; with a *vo* it has *fqans* from
    *voms_not_before* to *voms_not_after*. *seed* is what its keys and numbers follow from.
    """

    seed: str
    dn: str
    not_before: int
    not_after: int
    vo: str = ""
    fqans: tuple[str, ...] = ()
    voms_not_before: int = 0
    voms_not_after: int = 0
    bits: int = 2048
    limited: bool = False
    authority: str = AUTHORITY

    def sign(self) -> Credential:
        """Return the proxy."""
        holder = replace(issuers.person(self.dn, self.authority), seed=self.seed)
        attributes = []
        if self.vo:
            server = issuers.voms_server(self.vo)
            # The server's numbers are its own, and yet they follow from the recipe, too.
            seeded = replace(server, credential=replace(server.credential, seed=self.seed))
            attributes.append(
                seeded.attributes(
                    holder.certificate,
                    fqans=self.fqans,
                    not_before=self.voms_not_before,
                    lifetime_s=self.voms_not_after - self.voms_not_before,
                )
            )
        proxy = proxy_of(
            holder,
            not_before=self.not_before,
            lifetime_s=self.not_after - self.not_before,
            limited=self.limited,
            attributes=attributes,
            bits=self.bits,
        )
        return read_pem(proxy.pem())


def recipe_of(credential: Credential) -> Recipe:
    """Return the recipe of a proxy like *credential*; its numbers follow from the ones of that."""
    found = credential.attributes
    return Recipe(
        seed=str(credential.serial),
        dn=credential.dn,
        not_before=credential.not_before,
        not_after=credential.not_after,
        vo=credential.vo,
        fqans=credential.fqans,
        voms_not_before=found.not_before if found else 0,
        voms_not_after=found.not_after if found else 0,
        bits=credential.bits,
        limited=credential.chain.is_limited,
        authority=credential.authority,
    )


def with_attributes_until(credential: Credential, instant: int) -> Credential:
    """Return *credential*, signed anew, with VOMS attributes that end at *instant*."""
    recipe = recipe_of(credential)
    if not recipe.vo:
        return credential
    return _ending_attributes(recipe, instant).sign()


def with_end(credential: Credential, instant: int) -> Credential:
    """Return *credential*, signed anew, with a proxy that ends at *instant*."""
    recipe = recipe_of(credential)
    if recipe.vo:
        # Attributes never outlive the proxy that carries them.
        recipe = _ending_attributes(recipe, min(recipe.voms_not_after, instant))
    lifetime_s = recipe.not_after - recipe.not_before
    begin = recipe.not_before if recipe.not_before < instant else instant - lifetime_s
    return replace(recipe, not_before=begin, not_after=instant).sign()


def _ending_attributes(recipe: Recipe, instant: int) -> Recipe:
    lifetime_s = recipe.voms_not_after - recipe.voms_not_before
    begin = recipe.voms_not_before
    # What had ended before it began was made earlier, and for as long.
    begin = begin if begin < instant else instant - lifetime_s
    return replace(recipe, voms_not_before=begin, voms_not_after=instant)


def make_proxy(
    rng: Random,
    *,
    dn: str,
    now: float,
    lifetime_s: float,
    vo: str = "",
    fqans: tuple[str, ...] = (),
    voms_lifetime_s: float | None = None,
    bits: int = 2048,
    authority: str = AUTHORITY,
    limited: bool = False,
) -> Credential:
    """Return a new proxy of *dn*, valid from just before *now* (POSIX seconds).

    Its VOMS attributes, if it has a *vo*, last *voms_lifetime_s*, as long as itself if None.
    """
    begin = int(now)
    voms_s = lifetime_s if voms_lifetime_s is None else voms_lifetime_s
    return Recipe(
        seed=f"{rng.getrandbits(64):016x}",
        dn=dn,
        not_before=begin - BACKDATED_S,
        not_after=begin + int(lifetime_s),
        vo=vo,
        fqans=fqans,
        voms_not_before=begin - BACKDATED_S,
        voms_not_after=begin + int(voms_s),
        bits=bits,
        limited=limited,
        authority=authority,
    ).sign()


def fqans_of(vo: str, *roles: str) -> tuple[str, ...]:
    """Return the attributes of a member of *vo* with *roles*, the leading role first."""
    return (
        *(f"/{vo}/Role={role}/Capability=NULL" for role in roles),
        f"/{vo}/Role=NULL/Capability=NULL",
    )
