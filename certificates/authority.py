"""A certificate authority of the simulated grid, and the credentials that it issues.

Models a root, authorities below it, host and user certificates as grid CAs issue them, and
revocation lists. Everything is a function of the seed and of what is asked for: the same words
give the same bytes in every process. Not modelled: requests (CSR), serial numbers that count up,
policies, distribution points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

from certificates import extensions as ext
from certificates.certificate import Certificate
from certificates.certificate import Draft
from certificates.certificate import sign_draft
from certificates.credential import Credential
from certificates.crl import Crl
from certificates.crl import Revoked
from certificates.crl import sign_crl
from certificates.keys import key_of
from certificates.keys import number_of
from certificates.names import encode_name
from certificates.names import parent_of
from certificates.names import slash_form

DAY_S = 86_400
YEAR_S = 365 * DAY_S
SERIAL_BITS = 63
BITS = 2048


@dataclass(frozen=True, slots=True)
class Authority:
    """A CA, whose *credential* signs."""

    credential: Credential

    @property
    def certificate(self) -> Certificate:
        """Return the CA's own certificate: an anchor, if it is a root."""
        return self.credential.certificate

    def issue_host(
        self,
        name: str,
        *,
        not_before: int,
        lifetime_s: int = YEAR_S,
        sans: Iterable[str] = (),
        bits: int = BITS,
    ) -> Credential:
        """Return the credential of the host *name*, also known as *sans* (names, IP addresses)."""
        base = slash_form(parent_of(self.certificate.subject_name))
        names = (name, *(san for san in sans if san != name))
        extensions = (
            ext.basic_constraints(is_ca=False),
            ext.key_usage("digital_signature", "key_encipherment"),
            ext.extended_key_usage(ext.SERVER_AUTH, ext.CLIENT_AUTH),
            ext.alternative_names(names),
        )
        wish = _Wish(f"{base}/OU=Services/CN={name}", not_before, lifetime_s, bits, extensions)
        return _issue(wish, seed=self.credential.seed, signer=self.credential)

    def issue_user(
        self, dn: str, *, not_before: int, lifetime_s: int = YEAR_S, bits: int = BITS
    ) -> Credential:
        """Return the credential of a person or a robot named *dn* (slash form)."""
        extensions = (
            ext.basic_constraints(is_ca=False),
            ext.key_usage("digital_signature", "key_encipherment", "data_encipherment"),
            ext.extended_key_usage(ext.CLIENT_AUTH),
        )
        wish = _Wish(dn, not_before, lifetime_s, bits, extensions)
        return _issue(wish, seed=self.credential.seed, signer=self.credential)

    def issue_authority(
        self,
        dn: str,
        *,
        not_before: int,
        lifetime_s: int = 10 * YEAR_S,
        path_length: int | None = 0,
    ) -> Authority:
        """Return a CA named *dn* below this one, with at most *path_length* CAs below itself."""
        wish = _Wish(dn, not_before, lifetime_s, BITS, _of_authority(path_length))
        return Authority(_issue(wish, seed=self.credential.seed, signer=self.credential))

    def crl(
        self,
        revoked: Iterable[Certificate | Revoked] = (),
        *,
        now: int,
        lifetime_s: int = 30 * DAY_S,
        number: int = 1,
    ) -> Crl:
        """Return the list of what is *revoked* (a bare certificate: as of *now*)."""
        entries = {
            entry if isinstance(entry, Revoked) else Revoked(entry.serial, now) for entry in revoked
        }
        return sign_crl(
            self.credential,
            tuple(sorted(entries, key=lambda entry: (entry.serial, entry.since))),
            now=now,
            lifetime_s=lifetime_s,
            number=number,
        )


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is to be issued."""

    dn: str
    not_before: int
    lifetime_s: int
    bits: int
    extensions: tuple[bytes, ...]


def new_authority(
    dn: str,
    *,
    seed: str,
    not_before: int,
    lifetime_s: int = 20 * YEAR_S,
    path_length: int | None = None,
) -> Authority:
    """Return the root CA that *seed* makes of *dn* (slash form), valid for *lifetime_s*."""
    wish = _Wish(dn, not_before, lifetime_s, BITS, _of_authority(path_length))
    return Authority(_issue(wish, seed=seed, signer=None))


def _of_authority(path_length: int | None) -> tuple[bytes, ...]:
    return (
        ext.basic_constraints(is_ca=True, path_length=path_length),
        ext.key_usage("key_cert_sign", "crl_sign"),
    )


def _issue(wish: _Wish, *, seed: str, signer: Credential | None) -> Credential:
    """Return the credential of *wish*, signed by *signer*, by itself if that is None."""
    key = key_of(seed, wish.dn, bits=wish.bits)
    name = encode_name(wish.dn)
    signing = key if signer is None else signer.key
    words = (seed, "serial", wish.dn, wish.not_before, wish.lifetime_s, wish.bits)
    draft = Draft(
        serial=number_of(*words, bits=SERIAL_BITS),
        issuer_name=name if signer is None else signer.certificate.subject_name,
        subject_name=name,
        not_before=wish.not_before,
        lifetime_s=wish.lifetime_s,
        key=key.public,
        extensions=(
            *wish.extensions,
            ext.subject_key(key.public.identifier()),
            ext.authority_key(signing.public.identifier()),
        ),
    )
    issuers = () if signer is None else signer.chain_below_root
    return Credential(sign_draft(draft, signing), key, issuers, seed)
