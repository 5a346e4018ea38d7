"""Keep secrets and persons out of reports.

A report travels: into tickets, mails, CI pages. Everything that a site printed passes through
`scrub` before it is cut to size, because a cut could remove the marks that show a secret.
Removed: PEM blocks (also cut ones), tokens, passwords, the personal part of a DN, mail addresses.
"""

from __future__ import annotations

import re

# Each rule that begins with a run of characters looks behind first, so that it starts once for a
# run and not at each of its characters: a flood of output must not take minutes to read.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # A whole PEM block, or one that lost its end; then one that lost its beginning.
    (re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?(?:-----END \1-----|\Z)", re.S), r"[redacted \1]"),
    (
        re.compile(r"(?:^[A-Za-z0-9+/=]+\r?\n){0,200}-----END ([A-Z0-9 ]+)-----", re.M),
        r"[redacted \1]",
    ),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"), "[redacted token]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 [redacted token]"),
    (re.compile(r"(?i)\b(set-cookie|cookie|authorization)(\s*:\s*)[^\r\n]+"), r"\1\2[redacted]"),
    (
        re.compile(
            r"(?i)(?<![\w-])([\w-]*(?:passw(?:or)?d|passphrase|(?:secret|token|signature)(?:_?key)?"
            r"|(?:api|access|private)_?key))"
            r"([\"']?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&\"']+)"
        ),
        r"\1\2[redacted]",
    ),
    (re.compile(r"(?i)(?<!\w)(\w+://[^\s/:@]+):[^\s/@]+@"), r"\1:[redacted]@"),
    (re.compile(r"(?i)(/(?:emailAddress|E|UID)=)[^/\n\"']+"), r"\1[redacted]"),
    (re.compile(r"(/CN=)[^/\n\"']+"), r"\1[redacted]"),
    (re.compile(r"\b(CN ?= ?)[^,/\n\"']+"), r"\1[redacted]"),
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[redacted email]"),
)
_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{56,}={0,2}")


def scrub(text: str) -> str:
    """Return *text* without secrets and without the personal part of names."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return _BASE64.sub(_key_material, text)


def tail(text: str, *, limit: int) -> str:
    """Return the last *limit* characters of *text*, scrubbed before the cut."""
    clean = scrub(text).strip()
    return clean if len(clean) <= limit else "..." + clean[3 - limit :]


def one_line(text: str, *, limit: int) -> str:
    """Return *text* scrubbed, on one line of at most *limit* characters."""
    clean = " ".join(scrub(text).split())
    return clean if len(clean) <= limit else clean[: limit - 3] + "..."


def _key_material(match: re.Match[str]) -> str:
    # At this length, with all kinds of characters, it is a key or a certificate; a long path or
    # a checksum has not all three.
    run = match[0]
    kinds = (str.isupper, str.islower, str.isdigit)
    mixed = all(any(kind(character) for character in run) for kind in kinds)
    return "[redacted base64]" if mixed else run
