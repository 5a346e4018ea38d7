"""Whom the server believes: CAs, and the VOMS servers whose attributes count.

Read from the folders of grid machines: ``<hash>.0`` files of a CA folder, ``<vo>/<host>.lsc`` of a
VOMS folder. Not modelled: revocation lists, signing policies, VOMS servers' own certificates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Mapping
from typing import Sequence

from certificates.attributes import Attributes
from certificates.certificate import Certificate
from certificates.chain import Chain
from certificates.chain import read_chain
from certificates.der import CertificateError
from certificates.verdicts import VomsVerdict
from certificates.vomstrust import verify_attributes
from simkernel import ScenarioError

ANCHOR = re.compile(r"[0-9a-f]{8}\.\d+")


@dataclass(frozen=True, slots=True)
class Trust:
    """The *anchors*, and by VO the names of its VOMS servers, each with the names of its CAs."""

    anchors: tuple[Certificate, ...]
    voms: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)

    def pem(self) -> str:
        """Return the anchors as text."""
        return "".join(anchor.pem() for anchor in self.anchors)

    def fqans(self, chain: Chain, *, now: float) -> tuple[str, ...]:
        """Return the groups and roles in *chain* that are to be believed at *now* (POSIX)."""
        holder = chain.holder
        if holder is None:
            return ()
        return tuple(
            fqan
            for attributes in chain.attributes
            if self._verdict(attributes, holder, now) is VomsVerdict.OK
            for fqan in attributes.fqans
        )

    def _verdict(self, attributes: Attributes, holder: Certificate, now: float) -> VomsVerdict:
        return verify_attributes(
            attributes, holder=holder, anchors=self.anchors, trusted=self.voms, now=now
        )


def read_trust(authorities: Path, voms: Path | None) -> Trust:
    """Return the trust that two folders describe; without the second no VO is known.

    Raises ScenarioError when there is no CA in the first.
    """
    found: list[Certificate] = []
    for path in sorted(authorities.glob("*")):
        if ANCHOR.fullmatch(path.name):
            found += _certificates(path)
    if not found:
        raise ScenarioError("no CA here (<hash>.0)", where=str(authorities))
    names: dict[str, list[list[str]]] = {}
    for path in sorted(voms.glob("*/*.lsc")) if voms else ():
        lines = path.read_text(encoding="utf-8").splitlines()
        names.setdefault(path.parent.name, []).append([each for each in lines if each.strip()])
    return Trust(tuple(found), names)


def _certificates(path: Path) -> tuple[Certificate, ...]:
    try:
        return read_chain(path.read_text(encoding="ascii")).certificates
    except (CertificateError, UnicodeDecodeError) as error:
        raise ScenarioError(f"no certificate: {error}", where=str(path)) from error
