"""sys.exit without a code gives 0; a code is taken modulo 256."""

import sys

try:
    sys.exit()
except SystemExit as leaving:
    print(leaving.code)
sys.exit(-1)
