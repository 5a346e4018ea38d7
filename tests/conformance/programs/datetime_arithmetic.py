"""Dates are added, subtracted and compared."""

import datetime

one = datetime.datetime(2024, 2, 28, 23, 30)
other = one + datetime.timedelta(hours=1)
print(other, other - one, other > one, one.replace(day=29), (other - one) * 3 / 2)
print(
    datetime.date(2024, 3, 1) - one.date(), max(one, other), one.date() + datetime.timedelta(days=2)
)
try:
    one < datetime.datetime.now(datetime.timezone.utc)
except TypeError as error:
    print(error)
