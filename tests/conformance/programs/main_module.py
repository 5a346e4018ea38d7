"""The program is the module __main__, to its end."""

import atexit
import os
import sys

main = sys.modules["__main__"]
print(
    __name__,
    main.__dict__ is globals(),
    os.path.basename(__file__),
    __spec__,
    __package__,
    __cached__ if "__cached__" in globals() else None,
)
print(type(__loader__).__name__, sys.argv == [__file__], __doc__)
atexit.register(lambda: print(sys.modules["__main__"] is main))
