"""The certificates of these worlds as files, for real servers and clients."""

from __future__ import annotations

from pathlib import Path

from fakesites import issuers
from tests.fakesites.tools.real.bench import proxies
from tests.fakesites.tools.test_against_grid_clients import instant

KEY = "-----BEGIN RSA PRIVATE KEY-----"


def write_pki(folder: Path) -> Path:
    """Write CAs, a certificate of localhost, a grid map and the proxies; return their folder."""
    pki = folder / "pki"
    for name, text in issuers.authorities_folder(()).items():
        write(pki / "certificates" / name, text, 0o644)
    host = issuers.host("localhost", ("localhost",)).pem()
    chain, _, key = host.partition(KEY)
    write(pki / "hostcert.pem", chain, 0o644)
    write(pki / "hostkey.pem", KEY + key, 0o400)
    write(pki / "gridmap", f'"{issuers.PILOTS}" nobody\n', 0o644)
    for name, text in proxies(instant()).items():
        write(pki / f"{name}.pem", text, 0o600)
    return pki


def write(path: Path, text: str, mode: int) -> None:
    """Write one file with its *mode*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
