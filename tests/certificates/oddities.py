"""Chains that no authority of ours would issue, and what a verifier is to say of each."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from certificates import extensions as ext
from certificates.certificate import Certificate
from certificates.certificate import Draft
from certificates.certificate import sign_draft
from certificates.credential import Credential
from certificates.crl import Crl
from certificates.keys import key_of
from certificates.names import add_common_name
from certificates.names import encode_name
from certificates.proxies import proxy_of
from certificates.verdicts import Verdict
from tests.certificates import grid

PROXY = ext.proxy_info(ext.IMPERSONATION)
OWN = grid.user().certificate.subject_name


@dataclass(frozen=True)
class Oddity:
    """A credential that is shown, the verdict, and what the verifier knows."""

    shown: Credential
    verdict: Verdict
    anchors: tuple[Certificate, ...] = (grid.authority().certificate,)
    crls: tuple[Crl, ...] | None = None


def signed(
    signer: Credential, subject: bytes, *extensions: bytes, key_name: str = "signed"
) -> Credential:
    """Return what *signer* would not sign by itself."""
    key = key_of("1", key_name)
    name = signer.certificate.subject_name
    draft = Draft(7, name, subject, grid.BEGIN, grid.LONG_S, key.public, extensions)
    return Credential(sign_draft(draft, signer.key), key, signer.chain_below_root, "1")


def root_of(name: str, *extensions: bytes) -> Credential:
    """Return a root with these *extensions*."""
    key, own = key_of("1", name), encode_name(name)
    draft = Draft(7, own, own, grid.BEGIN, grid.LONG_S, key.public, extensions)
    return Credential(sign_draft(draft, key), key, (), "1")


def proxy_named(subject: bytes, *more: bytes) -> Credential:
    """Return a proxy of the user with any *subject*."""
    return signed(grid.user(), subject, PROXY, *more)


def holder(usage: str) -> Credential:
    """Return somebody whose key has but one *usage*."""
    name = encode_name("/DC=sim/CN=y")
    return signed(grid.authority().credential, name, ext.key_usage(usage))


def without_lists() -> Oddity:
    """Return what an authority issued that may not sign revocation lists, but does."""
    usage, constraints = ext.key_usage("key_cert_sign"), ext.basic_constraints(is_ca=True)
    root = root_of("/CN=r", constraints, usage)
    authority = replace(grid.authority(), credential=root)
    leaf = authority.issue_user("/CN=x", not_before=grid.BEGIN, lifetime_s=grid.LONG_S)
    crls = (authority.crl(now=grid.BEGIN, lifetime_s=grid.LONG_S),)
    return Oddity(leaf, Verdict.NO_CRL_SIGN, (root.certificate,), crls)


def below_a_root(*extensions: bytes) -> Oddity:
    """Return what a root issued that is not marked as an authority."""
    root = root_of("/CN=no authority", *extensions)
    return Oddity(signed(root, encode_name("/CN=x")), Verdict.INVALID_CA, (root.certificate,))


ROOT = grid.authority().credential
CRITICAL = ext.extension("1.2.3", b"", critical=True)
NEXT = add_common_name(OWN, "1")
ODDITIES = {
    "proxy of another": Oddity(
        proxy_named(encode_name("/DC=sim/DC=grid/OU=People/CN=Somebody Else/CN=1")),
        Verdict.PROXY_SUBJECT_VIOLATION,
    ),
    "proxy with one name": Oddity(
        proxy_named(encode_name("/CN=1")), Verdict.PROXY_SUBJECT_VIOLATION
    ),
    "proxy with a unit": Oddity(
        proxy_named(encode_name(f"{grid.DN}/OU=1")), Verdict.PROXY_SUBJECT_VIOLATION
    ),
    "proxy with two more names": Oddity(
        proxy_named(encode_name(f"{grid.DN}/CN=1/CN=2")), Verdict.PROXY_SUBJECT_VIOLATION
    ),
    "proxy that is an authority": Oddity(
        proxy_named(NEXT, ext.basic_constraints(is_ca=True)), Verdict.UNABLE_TO_GET_ISSUER_LOCALLY
    ),
    "proxy that is a host": Oddity(
        proxy_named(NEXT, ext.alternative_names(["panda.sim"])),
        Verdict.UNABLE_TO_GET_ISSUER_LOCALLY,
    ),
    "unknown critical extension": Oddity(
        proxy_named(NEXT, CRITICAL), Verdict.UNHANDLED_CRITICAL_EXTENSION
    ),
    "certificate of a user": Oddity(signed(grid.user(), encode_name("/CN=x")), Verdict.INVALID_CA),
    "certificate of a proxy": Oddity(
        signed(grid.proxy(), encode_name("/CN=x")), Verdict.INVALID_CA
    ),
    "proxy of an authority": Oddity(
        signed(ROOT, add_common_name(ROOT.certificate.subject_name, "1"), PROXY),
        Verdict.INVALID_NON_CA,
    ),
    "proxy of who may not sign": Oddity(
        proxy_of(holder("key_encipherment"), not_before=grid.BEGIN, lifetime_s=grid.LONG_S),
        Verdict.NO_DIGITAL_SIGNATURE,
    ),
    "proxy of who may": Oddity(
        proxy_of(holder("digital_signature"), not_before=grid.BEGIN, lifetime_s=grid.LONG_S),
        Verdict.OK,
    ),
    "root without marks": below_a_root(),
    "root that is none": below_a_root(ext.basic_constraints(is_ca=False)),
    "root that may not sign": below_a_root(
        ext.basic_constraints(is_ca=True), ext.key_usage("crl_sign")
    ),
    "root that signs no lists": without_lists(),
    "trusted authority below a shown root": Oddity(
        replace(
            grid.lower_authority().issue_user(
                "/CN=x", not_before=grid.BEGIN, lifetime_s=grid.LONG_S
            ),
            issuers=(grid.authority().certificate,),
        ),
        Verdict.UNABLE_TO_GET_ISSUER,
        (grid.lower_authority().certificate,),
    ),
    "another key of the root's name": Oddity(
        signed(grid.authority("2").credential, encode_name("/CN=x")), Verdict.SIGNATURE_FAILURE
    ),
    "proxy by another key": Oddity(
        signed(replace(grid.user(), key=key_of("1", "thief")), NEXT, PROXY),
        Verdict.SIGNATURE_FAILURE,
    ),
}
