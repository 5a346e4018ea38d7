"""finally clauses run when sys.exit is raised, and may stop it."""

import sys


def leave():
    try:
        sys.exit(3)
    finally:
        print("finally")


try:
    leave()
except SystemExit as leaving:
    print("caught", leaving.code)
print("on")
