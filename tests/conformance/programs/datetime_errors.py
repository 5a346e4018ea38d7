"""now() refuses what is no time zone."""

import datetime

for arguments in (("UTC",), (1,), (None, None)):
    try:
        datetime.datetime.now(*arguments)
        print("no error")
    except TypeError:
        print("TypeError")
print(
    datetime.datetime.now(tz=None).tzinfo, datetime.datetime.now(tz=datetime.timezone.utc).tzname()
)
