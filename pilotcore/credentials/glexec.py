"""A payload under the account of its owner: gLExec, where the queue asks for it.

Three copies of the owner's proxy, each of mode 600 and each for one reader: the one that is shown
to gLExec, the one that gLExec reads, and the one that it makes for the payload, which belongs to
the payload's account. That last one nobody but the payload's account can remove: the wrapper does,
whatever its payload ended with. The environment does not survive the switch; the wrapper sets it
again, without what belongs to the pilot's own account and without its secrets.
Read from PanDAWMS/pilot@a0cb471:myproxyUtils.py#executeGlexec, glexec_utils.py, and glexec(1).
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from pilotcore.commands import run
from pilotcore.errors import PilotError
from pilotcore.files import remove_tree
from pilotcore.files import write_private
from pilotcore.logbook import Logbook
from pilotcore.platform import Command
from pilotcore.platform import Platform

FAILED = 1226
# gLExec's own exit codes: the caller's fault, the system's, not authorized. 204 stands for a code
# of the payload that could be taken for one of these.
OWN_CODES = (201, 202, 203)
CLIENT, SOURCE, TARGET = "GLEXEC_CLIENT_CERT", "GLEXEC_SOURCE_PROXY", "GLEXEC_TARGET_PROXY"
# What is another account's own, or the pilot's business alone.
EXCLUDED = frozenset(
    (
        "HOME", "LD_PRELOAD", "LOGNAME", "MAIL", "OLDPWD", "PWD", "SHLVL", "USER", "USERNAME",
        "X509_USER_CERT", "X509_USER_KEY", "X509_USER_PROXY", "_", CLIENT, SOURCE, TARGET,
    )
)  # fmt: skip
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
WRAPPER = "glexecwrapper.sh"
TIMEOUT_S = 120.0


def program(env: Mapping[str, str]) -> str:
    """Return how gLExec is called at this site."""
    if env.get("OSG_GLEXEC_LOCATION"):
        place = env["OSG_GLEXEC_LOCATION"].rstrip("/")
        return place if place.endswith("/glexec") else f"{place}/glexec"
    for name in ("GLITE_LOCATION", "GLEXEC_LOCATION"):
        if env.get(name):
            return f"{env[name].rstrip('/')}/sbin/glexec"
    return "glexec"


def wrapper_text(line: str, *, directory: Path, env: Mapping[str, str]) -> str:
    """Return the script that gLExec runs: environment, payload, and the end of the proxy."""
    kept = {
        name: env[name] for name in sorted(env) if name not in EXCLUDED and NAME.fullmatch(name)
    }
    exports = "".join(f"export {name}={shlex.quote(text)}\n" for name, text in kept.items())
    return (
        f"#!/bin/bash\n{exports}"
        f"cd {shlex.quote(str(directory))} || exit 1\n"
        f"( {line} )\n"
        "code=$?\n"
        f'rm -f "${TARGET}"\n'
        "exit $code\n"
    )


@dataclass(frozen=True)
class Switch:
    """Another account for one payload; its files lie in *folder*, which nobody packs or reads."""

    platform: Platform
    log: Logbook
    env: Mapping[str, str]
    folder: Path

    @property
    def source(self) -> Path:
        """Return the copy that gLExec reads; a newer proxy goes here, and then pass_on()."""
        return self.folder / "x509up_source"

    @property
    def variables(self) -> dict[str, str]:
        """Return the variables that tell gLExec of the copies."""
        return {
            CLIENT: str(self.folder / "x509up_client"),
            SOURCE: str(self.source),
            TARGET: str(self.folder / "x509up_target"),
        }

    def prepare(self, line: str, *, proxy: str, directory: Path, env: Mapping[str, str]) -> str:
        """Lay out the copies of *proxy* (PEM) and the wrapper; return the line to run.

        *env* is the payload's. Raises PilotError (1226) if they cannot be written.
        """
        try:
            self.folder.mkdir(exist_ok=True)
            self.fill(proxy)
            script = self.folder / WRAPPER
            script.write_text(wrapper_text(line, directory=directory, env=env), encoding="utf-8")
            script.chmod(0o755)
            # The other account has to write there.
            directory.chmod(0o777)
        except OSError as error:
            raise PilotError(FAILED, f"{error.filename}: {error.strerror}") from error
        # exec: signals are for gLExec, which passes them on.
        return f"exec {program(self.env)} /bin/bash {shlex.quote(str(script))}"

    def fill(self, proxy: str) -> None:
        """Write the copies that are the pilot's own. Raises OSError."""
        for path in (self.folder / "x509up_client", self.source):
            write_private(path, proxy)

    def pass_on(self) -> str:
        """Have gLExec copy the source anew for the payload that runs; return why not, or ""."""
        env = {**self.env, **self.variables}
        command = Command((program(self.env), "/bin/true"), env=env)
        outcome = run(self.platform, command, timeout_s=TIMEOUT_S)
        return f"glexec {outcome.code}: {outcome.words[-120:]}" if outcome.code else ""

    def clean_up(self) -> None:
        """Remove the copies; that of the payload's account as that account, if its wrapper has not.

        One that was passed on when the payload was just ending is there again, for instance.
        """
        target = self.folder / "x509up_target"
        if target.is_file():
            env = {**self.env, CLIENT: self.variables[CLIENT]}
            command = Command((program(self.env), "/bin/rm", "-f", str(target)), env=env)
            code = run(self.platform, command, timeout_s=TIMEOUT_S).code
            self.log.info(f"the payload's copy of the proxy removed: {code or 'yes'}")
        try:
            remove_tree(self.folder)
        except OSError as error:
            self.log.warning(f"{self.folder.name} cannot be removed: {error.strerror}")


def error_of(code: int) -> int:
    """Return the error that gLExec's exit *code* stands for, 0 if it is the payload's own."""
    return FAILED if code in OWN_CODES else 0
