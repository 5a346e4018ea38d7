"""Real clients and ours say the same of the same files: see fakesites/fidelity.py.

Needs voms-clients, nordugrid-arc-client, globus-proxy-utils and openssl; ``tox -e real-tools``
installs them, and has every question asked about every file. Elsewhere a few are, of the programs
that are there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from certificates.credential import Credential as Held
from certificates.credential import read_credential
from certificates.crl import Crl
from certificates.proxies import proxy_of
from certificates.voms import VomsServer
from fakesites import issuers
from fakesites.conditions import AUTHORITIES
from fakesites.fidelity import COMPARISONS
from fakesites.recipes import Recipe
from fakesites.recipes import fqans_of
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world

pytestmark = pytest.mark.programs
HOUR = 3600
FOREIGN = "/DC=org/DC=other/CN=Another CA"
REVOKED = "/DC=sim/DC=grid/OU=People/CN=Revoked Robot (Ada)"
# What the comparison may take between a real answer and ours.
PATIENCE_S = 60
CLOCK = re.compile(r"(\d+):(\d\d):(\d\d)")
WORDS = re.compile(r"(\d+) (hour|minute|second)s?")
UNIT_S = {"hour": 3600, "minute": 60, "second": 1}


def instant() -> int:
    """Return the real time: the real programs know no other."""
    return int(time.time())  # noqa: TID251


@dataclass(frozen=True)
class Said:
    """What a program said, and how it ended."""

    stdout: str
    stderr: str
    code: int


def recipe(now: int) -> Recipe:
    return Recipe(
        seed="1",
        dn=issuers.PILOTS,
        not_before=now - 300,
        not_after=now + 96 * HOUR,
        vo="atlas",
        fqans=fqans_of("atlas", "production", "pilot"),
        voms_not_before=now - 300,
        voms_not_after=now + 24 * HOUR,
    )


def texts(now: int) -> dict[str, str]:
    """Return the files that are asked about, by name."""
    fresh = recipe(now)
    ago = {"not_before": now - 50 * HOUR, "voms_not_before": now - 50 * HOUR}
    person = issuers.person(issuers.PILOTS)
    terms = {"not_before": now - 300, "lifetime_s": 50 * HOUR}
    recipes = {
        "fresh": fresh,
        "plain": replace(fresh, vo=""),
        "expired": replace(fresh, **ago, not_after=now - HOUR, voms_not_after=now - 2 * HOUR),
        "stale": replace(fresh, voms_not_before=now - 50 * HOUR, voms_not_after=now - HOUR),
        "early": replace(fresh, not_before=now + 5 * HOUR, voms_not_before=now + 5 * HOUR),
        "limited": replace(fresh, limited=True),
        "foreign": replace(fresh, authority=FOREIGN),
        "revoked": replace(fresh, dn=REVOKED),
    }
    made = {name: each.sign().pem() for name, each in recipes.items()}
    second = proxy_of(read_credential(made["fresh"], seed="2"), **terms)
    return {
        **made,
        "second": second.pem(),
        "old": proxy_of(person, **terms, legacy=True).pem(),
        "old-limited": proxy_of(person, **terms, legacy=True, limited=True).pem(),
        "unknown": proxy_of(person, **terms, attributes=[unknown_attributes(person, now)]).pem(),
        "garbage": "hello\n",
        "open": made["fresh"],
    }


def unknown_attributes(person: Held, now: int) -> bytes:
    """Return attributes by a server of the right name, whose CA nobody trusts."""
    signer = issuers.host("voms.atlas.sim", (), FOREIGN)
    server = VomsServer("atlas", signer, "voms.atlas.sim:15001")
    return server.attributes(person.certificate, fqans=("/atlas",), not_before=now - 300)


NAMES = (*sorted(texts(instant())), "missing")


@lru_cache(maxsize=1)
def crl() -> Crl:
    now = instant()
    return issuers.authority().crl([issuers.person(REVOKED).certificate], now=now - HOUR)


class Bench:
    """The same files on the machine and on a node, whose clock is the real one."""

    def __init__(self, folder: Path) -> None:
        now = self.begun = instant()
        self.real = folder / "real"
        for name, text in issuers.authorities_folder((crl(),)).items():
            write(self.real / "certificates" / name, text)
        for name, text in issuers.voms_folder(("atlas",)).items():
            write(self.real / "vomsdir" / name, text)
        self.world: SiteWorld = make_world(folder / "node", epoch=float(now))
        conditions = self.world.node.conditions
        names = tuple(issuers.authorities_folder((crl(),)))
        conditions.folders[AUTHORITIES] = replace(conditions.folders[AUTHORITIES], names=names)
        self.world.node.mounted.update(
            (f"{AUTHORITIES}/{name}", text)
            for name, text in issuers.authorities_folder((crl(),)).items()
        )
        for name, text in texts(now).items():
            mode = 0o644 if name == "open" else 0o600
            write(self.real / f"{name}.pem", text, mode)
            write(self.world.node.files.real(f"/srv/cred/{name}.pem"), text, mode)

    def ask(self, name: str, words: tuple[str, ...]) -> tuple[Said, Said]:
        """Return what the real program and ours say of the file *name* (FILE in *words*)."""
        real_file, our_file = f"{self.real}/{name}.pem", f"/srv/cred/{name}.pem"
        places = {"X509_CERT_DIR": "certificates", "X509_VOMS_DIR": "vomsdir"}
        env = {
            **os.environ,
            **{variable: f"{self.real}/{place}" for variable, place in places.items()},
            "X509_USER_PROXY": real_file,
            "HOME": str(self.real),
        }
        argv = filled(words, real_file, f"{self.real}/certificates")
        done = subprocess.run(argv, env=env, cwd=self.real, capture_output=True, check=False)
        real = Said(
            *(stream.decode("ascii", "replace") for stream in (done.stdout, done.stderr)),
            done.returncode,
        )
        if (passed := instant() - self.begun) > self.world.clock.now:
            self.world.clock.run(until=passed)
        ran = self.world.run(
            *filled(words, our_file, AUTHORITIES), X509_USER_PROXY=our_file, HOME="/srv/work"
        )
        ours = Said(ran.stdout, ran.stderr, ran.code)
        return tidy(real, real_file, str(self.real)), tidy(ours, our_file, "/srv/work")


def filled(words: tuple[str, ...], file: str, authorities: str) -> list[str]:
    return [{"FILE": file, "AUTHORITIES": authorities}.get(word, word) for word in words]


def write(path: Path, text: str, mode: int = 0o600) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def tidy(said: Said, file: str, home: str) -> Said:
    """Return what was *said* without places, and without the differences that are known."""
    # Bytes of its memory, which may be the ends of lines.
    text = re.sub(r"OpenSSL Error:.*?\n(?=\n)", "", said.stderr, flags=re.DOTALL)
    lines = text.replace(file, "FILE").replace(home, "HOME").splitlines()
    kept = [line for line in lines if not re.match(r"[0-9A-F]{16}:error:", line)]
    if len([line for line in kept if re.match(r"error \d+ at", line)]) > 1:
        kept = [*kept[:2], kept[-1]]
    return Said(said.stdout.replace(file, "FILE").replace(home, "HOME"), "\n".join(kept), said.code)


def untimed(text: str) -> tuple[str, list[int]]:
    """Return *text* without durations, and the durations in seconds."""
    found: list[int] = []

    def take(seconds: int) -> str:
        found.append(seconds)
        return "TIME"

    lines = []
    for line in text.splitlines():
        if re.fullmatch(r"\d{1,6}", line):
            lines.append(take(int(line)))
        elif line.startswith("Time left") and WORDS.search(line):
            seconds = sum(int(count) * UNIT_S[unit] for count, unit in WORDS.findall(line))
            lines.append(f"{line.partition(':')[0]}: {take(seconds)}")
        else:
            lines.append(CLOCK.sub(lambda m: take(_seconds(m)), line) if "left" in line else line)
    return "\n".join(lines), found


def _seconds(match: re.Match[str]) -> int:
    hours, minutes, seconds = map(int, match.groups())
    return 3600 * hours + 60 * minutes + seconds


def compare(real: Said, ours: Said) -> None:
    """Raise AssertionError where the two differ in more than the time that went by."""
    real_text, real_times = untimed(real.stdout)
    our_text, our_times = untimed(ours.stdout)
    assert (real_text, real.stderr, real.code) == (our_text, ours.stderr, ours.code)
    assert all(abs(a - b) < PATIENCE_S for a, b in zip(real_times, our_times, strict=True))


VOMS_PRINTS = (
    "subject issuer identity type timeleft strength path vo fqan acsubject acissuer actimeleft "
    "serial uri keyusage chain"
)
VOMS = [
    (),
    ("-all",),
    ("-chain", "-all"),
    ("-actimeleft", "--timeleft", "--file", "FILE"),
    ("-exists",),
    ("-exists", "-valid", "95:00"),
    ("-exists", "-valid", "97:00"),
    ("--exists", "--hours", "1000"),
    ("-exists", "-bits", "4096"),
    ("-acexists", "atlas"),
    ("-acexists", "cms"),
    ("-dont-verify-ac", "-all"),
    *((f"-{name}",) for name in VOMS_PRINTS.split()),
]
ARC_ITEMS = (
    "subject identity issuer ca path type validityStart validityEnd validityPeriod validityLeft "
    "vomsVO vomsSubject vomsIssuer vomsACvalidityStart vomsACvalidityEnd vomsACvalidityPeriod "
    "vomsACvalidityLeft proxyPolicy keybits signingAlgorithm nonsense"
)
ARC_ASKED = ("validityEnd", "validityLeft", "vomsACvalidityEnd", "vomsACvalidityLeft")
ARC = [
    ("-I",),
    tuple(word for item in ARC_ASKED for word in ("-i", item)),
    ("-P", "FILE", "-i", "validityLeft"),
    *((f"--infoitem={item}",) for item in ARC_ITEMS.split()),
]
GRID_PRINTS = "subject issuer identity type timeleft strength path"
GRID = [
    (),
    ("-exists",),
    ("-exists", "-valid", "24:00"),
    ("-exists", "-valid", "24.0:0.0"),
    ("-exists", "-valid", "0.166666666667:00"),
    ("-file", "FILE", "-all"),
    *((f"-{name}",) for name in GRID_PRINTS.split()),
]
X509_PRINTS = (
    "subject issuer startdate enddate dates serial hash subject_hash issuer_hash fingerprint"
)
VERIFY = ("verify", "-CApath", "AUTHORITIES")
OPENSSL = [
    *(("x509", "-noout", f"-{name}", "-in", "FILE") for name in X509_PRINTS.split()),
    ("x509", "-in", "FILE", "-noout", "-subject", "-enddate"),
    ("x509", "-in", "FILE", "-enddate"),
    ("x509", "-noout", "-fingerprint", "-sha256", "-in", "FILE"),
    *(
        ("x509", "-noout", "-subject", "-nameopt", form, "-in", "FILE")
        for form in ("compat", "RFC2253", "oneline")
    ),
    ("x509", "-noout", "-checkend", "3600", "-in", "FILE"),
    ("x509", "-noout", "-checkend", "864000", "-in", "FILE"),
    (*VERIFY, "FILE"),
    (*VERIFY, "-untrusted", "FILE", "FILE"),
    (*VERIFY, "-allow_proxy_certs", "-untrusted", "FILE", "FILE"),
    (*VERIFY, "-allow_proxy_certs", "-crl_check_all", "-untrusted", "FILE", "FILE"),
]
QUESTIONS = {
    "voms-proxy-info": VOMS,
    "arcproxy": ARC,
    "grid-proxy-info": GRID,
    "openssl": OPENSSL,
}
ALL = bool(os.environ.get("FLIGHTSIM_REAL_TOOLS"))
FEW = ("expired", "fresh", "missing", "stale")
CASES = [
    pytest.param(program, words, name, id=f"{program} {' '.join(words)} {name}")
    for program, asked in QUESTIONS.items()
    for words in (asked if ALL else asked[:4])
    for name in (NAMES if ALL else FEW)
]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"))


def is_real(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


@pytest.mark.parametrize(("program", "words", "name"), CASES)
def test_both_say_the_same(bench: Bench, program: str, words: tuple[str, ...], name: str) -> None:
    is_real(program)
    compare(*bench.ask(name, (program, *words)))


@pytest.mark.parametrize("program", sorted(QUESTIONS))
def test_the_page_names_what_is_compared(program: str) -> None:
    assert program in {each.program for each in COMPARISONS}


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("voms-proxy-info", ("-nonsense",)),
        ("voms-proxy-info", ("-file",)),
        ("openssl", ("crl", "-in", "CRL", "-noout", "-lastupdate", "-nextupdate", "-issuer")),
        ("openssl", ("sha256", "FILE")),
    ],
)
def test_other_questions_are_answered_alike(
    bench: Bench, program: str, words: tuple[str, ...]
) -> None:
    is_real(program)
    for root in (bench.real, bench.world.node.files.real("/srv/cred")):
        write(root / "list.pem", crl().pem())
    name = "list" if "CRL" in words else "fresh"
    compare(*bench.ask(name, (program, *("FILE" if word == "CRL" else word for word in words))))
