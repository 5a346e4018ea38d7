"""select refuses what is no file."""

import select

for arguments in ((["x"], [], [], 0), ([-1], [], [], 0), ([], [], [], "x")):
    try:
        select.select(*arguments)
        print("no error")
    except (TypeError, ValueError) as error:
        print(type(error).__name__)
