"""sys.exit with a text prints it and gives 1."""

import sys

print("out")
sys.stderr = sys.stdout
sys.exit("reason")
