"""`python3 -m siteverify`: see `siteverify.cli`."""

from __future__ import annotations

import sys

from siteverify.cli import main

if __name__ == "__main__":
    sys.exit(main())
