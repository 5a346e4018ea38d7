"""Whether VOMS attributes are to be believed: by whom they are, to whom, until when.

Models the checks of the VOMS library with the names of trusted servers (LSC files): server known,
its certificate good, signature, holder, times with five minutes of grace either way, targets,
groups within the VO. Not modelled: server certificates kept in the VOMS folder instead of names.
Read from italiangrid/voms@2eaeb9a:src/api/ccapi/api_util.cc (check_from_file), src/ac/validate.cc.
"""

from __future__ import annotations

from typing import Mapping
from typing import Sequence

from certificates.attributes import Attributes
from certificates.certificate import Certificate
from certificates.names import canonical
from certificates.verdicts import Verdict
from certificates.verdicts import VomsVerdict
from certificates.verifying import verify_chain

GRACE_S = 300


def verify_attributes(
    attributes: Attributes,
    *,
    holder: Certificate,
    anchors: Sequence[Certificate],
    trusted: Mapping[str, Sequence[Sequence[str]]],
    now: float,
    host: str = "",
    grace_s: float = GRACE_S,
) -> VomsVerdict:
    """Return OK if *attributes* are good at *now* (POSIX seconds) for *holder*, who is no proxy.

    *trusted* are, by VO, the names of its servers, each with the names of its CAs (VomsServer.lsc);
    *host* is who asks, for attributes that are meant for certain hosts only.
    """
    verdict = _check_server(attributes, anchors, trusted, now)
    if verdict is not VomsVerdict.OK:
        return verdict
    if attributes.holder_serial != holder.serial:
        return VomsVerdict.HOLDER_SERIAL
    names = (canonical(holder.subject_name), canonical(holder.issuer_name))
    if canonical(attributes.holder_name) not in names:
        return VomsVerdict.HOLDER
    if attributes.not_before > now + grace_s:
        return VomsVerdict.NOT_YET_VALID
    if attributes.not_after <= now - grace_s:
        return VomsVerdict.EXPIRED
    if attributes.targets and host not in attributes.targets:
        return VomsVerdict.TARGET
    top = f"/{attributes.vo}"
    if any(fqan != top and not fqan.startswith(f"{top}/") for fqan in attributes.fqans):
        return VomsVerdict.GROUPS
    return VomsVerdict.OK


def _check_server(
    attributes: Attributes,
    anchors: Sequence[Certificate],
    trusted: Mapping[str, Sequence[Sequence[str]]],
    now: float,
) -> VomsVerdict:
    known = [tuple(names) for names in trusted.get(attributes.vo, ())]
    chain = attributes.signer_chain
    if not known or not chain:
        return VomsVerdict.UNKNOWN_SERVER
    if (*(c.subject for c in chain), chain[-1].issuer) not in known:
        return VomsVerdict.UNKNOWN_CHAIN
    if not attributes.is_signed_by(chain[0].key):
        return VomsVerdict.SIGNATURE
    if verify_chain(chain, anchors=anchors, now=now) is not Verdict.OK:
        return VomsVerdict.SERVER_REFUSED
    return VomsVerdict.OK
