"""openssl: x509, verify, crl, version and the digests, as far as wrappers and pilots ask for them.

Models the print options of x509 in the order they are given, -checkend, -nameopt (compat, RFC2253,
oneline); verify with a folder or a file of CAs, untrusted certificates, proxies and revocation
lists; when a list is due. Not modelled: making keys, requests and certificates, s_client, -text.
The words are those of OpenSSL 3.0, as Debian's says them of the same files
(docs/reference/fidelity.md); only the first thing that is wrong with a chain is told.
"""

from __future__ import annotations

import hashlib
from typing import Callable
from typing import Mapping

from certificates.certificate import Certificate
from certificates.chain import Chain
from certificates.chain import read_chain
from certificates.crl import Crl
from certificates.crl import read_crls
from certificates.der import CertificateError
from certificates.names import STEP
from certificates.names import name_hash
from certificates.verdicts import Verdict
from certificates.verifying import Proxies
from certificates.verifying import Purpose
from certificates.verifying import verify_chain
from fakesites.moments import date_text
from fakesites.tools import NotSpoken
from fakesites.tools import ToolCall
from fakesites.tools import tool

VERSION = "OpenSSL 3.0.22 25 Aug 2026"
FORM = "%b %e %H:%M:%S %Y GMT"
DIGESTS = {"md5": "MD5", "sha1": "SHA1", "sha256": "SHA2-256", "sha512": "SHA2-512"}
PURPOSES = {"sslclient": Purpose.CLIENT, "sslserver": Purpose.SERVER}
# These are found from the leaf up, the others from the anchor down.
FROM_THE_LEAF = (Verdict.PROXY_NOT_ALLOWED, Verdict.UNABLE_TO_GET_CRL)


class Broken(Exception):
    """A file cannot be used; the words say why, and *code* is the exit code."""

    def __init__(self, words: str, *, code: int = 1) -> None:
        super().__init__(words)
        self.code = code


@tool("openssl")
def openssl(call: ToolCall) -> int:
    """Run a command of openssl; its exit code is 1 or 2 where something is wrong."""
    name, *words = call.argv[1:] or ("help",)
    if name in DIGESTS:
        name, words = "dgst", [f"-{name}", *words]
    command = COMMANDS.get(name)
    if command is None:
        raise NotSpoken(f"the command {name}")
    try:
        return command(call, words)
    except Broken as trouble:
        call.err(f"{trouble}\n")
        return trouble.code


def version(call: ToolCall, words: list[str]) -> int:
    """Say which release this is."""
    if words:
        raise NotSpoken("other options of version than none")
    call.out(f"{VERSION} (Library: {VERSION})\n")
    return 0


class Options:
    """The options of a command, *found* in this order, and the *files* after them."""

    def __init__(self, found: list[tuple[str, str]], files: list[str]) -> None:
        self.found = found
        self.files = files
        self.values = dict(found)

    def __contains__(self, name: str) -> bool:
        return name in self.values


def split(words: list[str], *, flags: tuple[str, ...], values: tuple[str, ...]) -> Options:
    """Return the options in *words*, in order, and what follows them. Raises NotSpoken."""
    found: list[tuple[str, str]] = []
    rest = list(words)
    while rest and rest[0].startswith("-"):
        name = rest.pop(0).lstrip("-")
        if name in flags:
            found.append((name, ""))
        elif name in values and rest:
            found.append((name, rest.pop(0)))
        else:
            raise NotSpoken(f"the option -{name}")
    return Options(found, rest)


# -- x509

X509_VALUES = ("in", "checkend", "nameopt", "inform", "outform")


def x509(call: ToolCall, words: list[str]) -> int:
    """Print what is asked of the first certificate in a file."""
    options = split(words, flags=("noout", "sha256", "sha1", *PRINTS), values=X509_VALUES)
    if any(options.values.get(name, "PEM") != "PEM" for name in ("inform", "outform")):
        raise NotSpoken("other forms than PEM")
    try:
        chain = certificates(call, options.values.get("in", ""), "certificate")
    except Broken as trouble:
        raise Broken(f"{trouble}\nUnable to load certificate") from None
    for name, _ in options.found:
        if name in PRINTS:
            call.out("".join(f"{line}\n" for line in PRINTS[name](chain, options)))
    code = 0
    if "checkend" in options:
        ends = chain.leaf.not_after <= call.node.wall() + float(options.values["checkend"])
        call.out(f"Certificate will {'' if ends else 'not '}expire\n")
        code = int(ends)
    if "noout" not in options:
        call.out(chain.leaf.pem())
    return code


def fingerprint(chain: Chain, options: Options) -> list[str]:
    """Return the digest of the certificate."""
    name = "sha256" if "sha256" in options else "sha1"
    digest = hashlib.new(name, chain.leaf.der, usedforsecurity=False).hexdigest().upper()
    pairs = ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))
    return [f"{name if name == 'sha256' else 'SHA1'} Fingerprint={pairs}"]


def name_text(slash_form: str, form: str = "") -> str:
    """Return a name as -nameopt *form* wants it: compat, RFC2253, or on one line with spaces."""
    words = STEP.split(slash_form)
    pairs = list(zip(words[1::2], words[2::2], strict=True))
    if form == "compat":
        return slash_form
    if form.upper() == "RFC2253":
        return ",".join(f"{short}={_escaped(text)}" for short, text in reversed(pairs))
    if form not in ("", "oneline"):
        raise NotSpoken(f"-nameopt {form}")
    return ", ".join(f"{short} = {_quoted(text)}" for short, text in pairs)


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in ',+"\\<>;' else c for c in text)


def _quoted(text: str) -> str:
    return f'"{text}"' if any(c in ",+<>;" for c in text) else text


def _named(label: str, name: str, options: Options) -> list[str]:
    return [f"{label}={name_text(name, options.values.get('nameopt', ''))}"]


def _hexadecimal(number: int) -> str:
    digits = f"{number:X}"
    return digits.zfill(len(digits) + len(digits) % 2)


def _start(chain: Chain, _options: Options) -> list[str]:
    return [f"notBefore={date_text(chain.leaf.not_before, FORM)}"]


def _end(chain: Chain, _options: Options) -> list[str]:
    return [f"notAfter={date_text(chain.leaf.not_after, FORM)}"]


def _subject_hash(chain: Chain, _options: Options) -> list[str]:
    return [name_hash(chain.leaf.subject_name)]


PRINTS: Mapping[str, Callable[[Chain, Options], list[str]]] = {
    "subject": lambda chain, options: _named("subject", chain.leaf.subject, options),
    "issuer": lambda chain, options: _named("issuer", chain.leaf.issuer, options),
    "startdate": _start,
    "enddate": _end,
    "dates": lambda chain, options: _start(chain, options) + _end(chain, options),
    "serial": lambda chain, _: [f"serial={_hexadecimal(chain.leaf.serial)}"],
    "hash": _subject_hash,
    "subject_hash": _subject_hash,
    "issuer_hash": lambda chain, _: [name_hash(chain.leaf.issuer_name)],
    "fingerprint": fingerprint,
    "email": lambda _chain, _options: [],
}


# -- verify

VERIFY_FLAGS = ("allow_proxy_certs", "crl_check", "crl_check_all", "no-CApath", "no-CAfile")
VERIFY_VALUES = ("CApath", "CAfile", "untrusted", "purpose", "attime")


def verify(call: ToolCall, words: list[str]) -> int:
    """Verify the first certificate of each file; exit code 2 if one is not good."""
    options = split(words, flags=VERIFY_FLAGS, values=VERIFY_VALUES)
    if "crl_check" in options:
        raise NotSpoken("-crl_check, which looks at the leaf only")
    if options.values.get("purpose", "sslclient") not in PURPOSES:
        raise NotSpoken(f"-purpose {options.values['purpose']}")
    code = 0
    for name in options.files:
        code = max(code, verify_one(call, options, name))
    return code


def verify_one(call: ToolCall, options: Options, name: str) -> int:
    """Say whether the first certificate in the file *name* is good; return the exit code."""
    others = untrusted(call, options.values["untrusted"]) if "untrusted" in options else ()
    try:
        leaf = certificates(call, name, "certificate file").leaf
    except Broken as trouble:
        raise Broken(f"{trouble}\nUnable to load certificate file", code=2) from None
    shown = (leaf, *(each for each in others if each != leaf))
    chain = Chain(shown)
    verdict, depth = judge(call, options, chain)
    if verdict is Verdict.OK:
        call.out(f"{name}: OK\n")
        return 0
    subject = chain.certificates[depth].subject
    call.err(
        f"{name_text(subject)}\nerror {verdict.value} at {depth} depth lookup: {verdict.words}\n"
        f"error {name}: verification failed\n"
    )
    return 2


def untrusted(call: ToolCall, name: str) -> tuple[Certificate, ...]:
    """Return the certificates that may be issuers. Raises Broken."""
    text = text_of(call, name, "certs of untrusted certificates")
    try:
        return read_chain(text).certificates
    except CertificateError:
        raise Broken(f"Could not read any untrusted certificates from {name}") from None


def judge(call: ToolCall, options: Options, chain: Chain) -> tuple[Verdict, int]:
    """Return what is wrong with *chain*, and how far from the leaf."""
    anchors, crls = trusted(call, options)
    purpose = options.values.get("purpose")

    def of(shown: tuple[Certificate, ...]) -> Verdict:
        return verify_chain(
            shown,
            anchors=anchors,
            now=float(options.values.get("attime", call.node.wall())),
            purpose=PURPOSES[purpose] if purpose else None,
            crls=crls if "crl_check_all" in options else None,
            proxies=Proxies.RFC if "allow_proxy_certs" in options else Proxies.REFUSED,
        )

    certificates = chain.certificates
    verdict = of(certificates)
    if verdict in FROM_THE_LEAF:
        return verdict, 0
    alike = [at for at in range(len(certificates)) if of(certificates[at:]) is verdict]
    # That an issuer is no CA shows in what it signed, one step below it.
    return verdict, alike[-1] + (verdict is Verdict.INVALID_CA)


def trusted(call: ToolCall, options: Options) -> tuple[list[Certificate], list[Crl]]:
    """Return the CAs and the lists in the file and the folder that are named."""
    texts = []
    if "CAfile" in options:
        texts.append(text_of(call, options.values["CAfile"], "CA file"))
    if "CApath" in options:
        texts += folder_texts(call, options.values["CApath"])
    anchors: list[Certificate] = []
    crls: list[Crl] = []
    for text in texts:
        try:
            crls += read_crls(text)
            anchors += read_chain(text).certificates
        except CertificateError:
            continue
    return anchors, crls


def folder_texts(call: ToolCall, name: str) -> list[str]:
    """Return the texts of what is in a folder of CAs; nothing if there is no folder."""
    found = call.node.conditions.folder(call.path(name))
    try:
        names = found.names if found else [each.name for each in call.real(name).iterdir()]
    except OSError:
        return []
    folder = name.rstrip("/")
    return [text_of(call, f"{folder}/{each}", "CA") for each in sorted(names)]


# -- crl, digests, files


def crl(call: ToolCall, words: list[str]) -> int:
    """Print when a list of revoked certificates was made, when the next is due, and by whom."""
    options = split(words, flags=("noout", *CRL_PRINTS), values=("in",))
    try:
        lists = read_crls(text_of(call, options.values.get("in", ""), "CRL"))
    except CertificateError:
        lists = ()
    if not lists:
        name = options.values.get("in", "<stdin>")
        raise Broken(f"Could not read CRL from {name}\nUnable to load CRL")
    for name, _ in options.found:
        if name in CRL_PRINTS:
            call.out(f"{CRL_PRINTS[name](lists[0])}\n")
    if "noout" not in options:
        call.out(lists[0].pem())
    return 0


CRL_PRINTS: Mapping[str, Callable[[Crl], str]] = {
    "lastupdate": lambda found: f"lastUpdate={date_text(found.this_update, FORM)}",
    "nextupdate": lambda found: f"nextUpdate={date_text(found.next_update or 0, FORM)}",
    "issuer": lambda found: f"issuer={name_text(found.issuer)}",
}


def dgst(call: ToolCall, words: list[str]) -> int:
    """Print the digest of each file, of standard input if there is none."""
    options = split(words, flags=tuple(DIGESTS), values=())
    name = next(iter(options.values), "sha256")
    for file in options.files or [""]:
        try:
            data = call.read(file) if file else call.stdin.encode()
        except OSError as error:
            raise Broken(f"{file}: {error.strerror}") from None
        digest = hashlib.new(name, data, usedforsecurity=False).hexdigest()
        call.out(f"{DIGESTS[name]}({file or 'stdin'})= {digest}\n")
    return 0


def certificates(call: ToolCall, name: str, what: str) -> Chain:
    """Return the certificates in the file *name*, in standard input if "". Raises Broken."""
    try:
        return read_chain(text_of(call, name, what))
    except CertificateError:
        raise Broken(f"Could not read {what} from {name or '<stdin>'}") from None


def text_of(call: ToolCall, name: str, what: str) -> str:
    """Return the text of the file *name*, of standard input if that is "". Raises Broken."""
    if not name:
        return call.stdin
    try:
        return call.read(name).decode("ascii", "replace")
    except OSError:
        raise Broken(f"Could not open file or uri for loading {what} from {name}") from None


COMMANDS: Mapping[str, Callable[[ToolCall, list[str]], int]] = {
    "crl": crl,
    "dgst": dgst,
    "verify": verify,
    "version": version,
    "x509": x509,
}
