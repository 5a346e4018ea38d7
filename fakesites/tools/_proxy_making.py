"""What programs that make or remove a proxy have in common."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from certificates.credential import Credential
from certificates.credential import read_credential
from certificates.der import CertificateError
from certificates.proxies import proxy_of
from fakesites.moments import date_text
from fakesites.recipes import BACKDATED_S
from fakesites.tools import ToolCall

FOLDER = ".globus"
HOURS_12_S = 12 * 3600
MODE = 0o600


class NoCredential(Exception):
    """There is no certificate and key to make a proxy of."""


class Unfit(Exception):
    """The option *name* is unknown, or has no value where it *wants* one."""

    def __init__(self, name: str, *, wants: bool = False) -> None:
        super().__init__(name)
        self.name = name
        self.wants = wants


@dataclass(frozen=True, slots=True)
class Wish:
    """The proxy that is wanted, as options of several tools say it."""

    lifetime_s: int = HOURS_12_S
    bits: int = 2048
    limited: bool = False
    legacy: bool = False
    path_length: int | None = None


def words_of(
    words: tuple[str, ...], *, flags: tuple[str, ...], values: tuple[str, ...]
) -> tuple[dict[str, str], list[str]]:
    """Return the options in *words* and what is no option. Raises Unfit."""
    found: dict[str, str] = {}
    rest, others = list(words), []
    while rest:
        word = rest.pop(0)
        name, equals, value = word.lstrip("-").partition("=")
        if not word.startswith("-"):
            others.append(word)
        elif name in flags:
            found[name] = ""
        elif name in values and (equals or rest):
            found[name] = value if equals else rest.pop(0)
        else:
            raise Unfit(word, wants=name in values)
    return found, others


def holder_of(call: ToolCall, certificate: str, key: str) -> Credential:
    """Return what a proxy is made of: the files given, or the user's. Raises NoCredential."""
    home = call.env.get("HOME", "/")
    certificate = certificate or call.env.get("X509_USER_CERT", f"{home}/{FOLDER}/usercert.pem")
    key = key or call.env.get("X509_USER_KEY", f"{home}/{FOLDER}/userkey.pem")
    try:
        text = call.read(certificate).decode("ascii", "replace")
        if posixpath.normpath(key) != posixpath.normpath(certificate):
            text += call.read(key).decode("ascii", "replace")
        held = read_credential(text, seed=seed_of(call))
    except (OSError, CertificateError) as error:
        raise NoCredential(certificate) from error
    if held.key.public != held.certificate.key:
        raise NoCredential(key)
    return held


def seed_of(call: ToolCall) -> str:
    """Return what keys and numbers of this call follow from: which process, where and when."""
    return f"{call.node.name} {call.pid} {call.node.clock.now:.6f}"


def proxy_by(
    call: ToolCall, holder: Credential, wish: Wish, attributes: tuple[bytes, ...] = ()
) -> Credential:
    """Return the proxy that *holder* signs now, for no longer than itself."""
    now = int(call.node.wall())
    end = min(now + wish.lifetime_s, holder.chain.not_after)
    return proxy_of(
        holder,
        not_before=now - BACKDATED_S,
        lifetime_s=end - now + BACKDATED_S,
        limited=wish.limited,
        legacy=wish.legacy,
        path_length=wish.path_length,
        attributes=attributes,
        bits=wish.bits,
    )


def keep(call: ToolCall, path: str, proxy: Credential) -> None:
    """Write *proxy* to the guest's file *path*, which nobody else may read. Raises OSError."""
    real = call.real(path)
    if real.exists():
        real.unlink()
    real.write_text(proxy.pem(), encoding="ascii")
    real.chmod(MODE)
    call.node.files.stamp(call.path(path))


def until_text(instant: int) -> str:
    """Return an instant as these tools print it, e.g. Sat Nov 21 03:45:42 2026."""
    return date_text(instant, "%a %b %e %H:%M:%S %Y")


def seconds_of(text: str) -> int | None:
    """Return the seconds in H:M, None if it is not of this form."""
    hours, colon, minutes = text.partition(":")
    if not colon or not hours.isdigit() or not minutes.isdigit():
        return None
    return int(hours) * 3600 + int(minutes) * 60
