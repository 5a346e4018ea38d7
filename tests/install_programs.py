"""Install Debian packages whose programs the tests hold ours against; ``tox -e real-tools`` does.

Needs root and apt-get where one of them is missing, and says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def is_installed(package: str) -> bool:
    """Tell whether dpkg knows *package* as installed."""
    words = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout == "installed"


def main(packages: list[str]) -> str:
    """Install what is missing of *packages*; return why that cannot be, "" if it could."""
    if not shutil.which("apt-get"):
        return f"this is no Debian: install the programs of {', '.join(packages)} by hand"
    missing = [package for package in packages if not is_installed(package)]
    if not missing:
        return ""
    if os.geteuid() != 0:
        return f"only root can install: sudo apt-get install {' '.join(missing)}"
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    for words in (["apt-get", "update"], install):
        if subprocess.run(words, env=env, check=False).returncode:
            return f"{' '.join(words)} failed"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or 0)
