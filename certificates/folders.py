"""The files that tell grid tools whom to trust: the CA folder and the VOMS folder.

Models <hash>.0, <hash>.r0 and <hash>.signing_policy of a CA, and <vo>/<host>.lsc of a VOMS
server, as names and texts; whoever has a disk writes them. Not modelled: .namespaces, .info,
.crl_url, the older hash of OpenSSL 0.9.
Read from gridcf/gct@1ba1e1087:gsi/callback/source/library/oldgaa_utils.c,
italiangrid/voms@2eaeb9a:src/api/ccapi/api_util.cc (check_from_file).
"""

from __future__ import annotations

from typing import Iterable

from certificates.certificate import Certificate
from certificates.crl import Crl
from certificates.names import name_hash
from certificates.names import parent_of
from certificates.names import slash_form
from certificates.voms import VomsServer

POLICY = """\
access_id_CA      X509         '{subject}'
pos_rights        globus        CA:sign
cond_subjects     globus       '"{base}/*"'
"""


def authority_files(anchor: Certificate, crls: Iterable[Crl] = ()) -> dict[str, str]:
    """Return the files of the CA *anchor*, which may sign what lies under its own parent name."""
    stem = name_hash(anchor.subject_name)
    base = slash_form(parent_of(anchor.subject_name))
    files = {
        f"{stem}.0": anchor.pem(),
        f"{stem}.signing_policy": POLICY.format(subject=anchor.subject, base=base),
    }
    texts = [crl.pem() for crl in crls if name_hash(crl.issuer_name) == stem]
    return files | {f"{stem}.r{number}": text for number, text in enumerate(texts)}


def server_files(server: VomsServer) -> dict[str, str]:
    """Return the file that tells which names a VOMS server and its CAs have."""
    host = server.uri.partition(":")[0]
    return {f"{server.vo}/{host}.lsc": "".join(f"{name}\n" for name in server.lsc)}
