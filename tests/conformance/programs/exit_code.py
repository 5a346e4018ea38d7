"""sys.exit gives the exit code."""

import sys

sys.exit(7)
