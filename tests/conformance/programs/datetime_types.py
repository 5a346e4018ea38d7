"""Dates are of the types that the module names, wherever they come from."""

import datetime
import email.utils
import pickle

now = datetime.datetime.now()
made = email.utils.parsedate_to_datetime("Sun, 01 Mar 2026 08:00:00 +0000")
values = (
    now,
    made,
    now + datetime.timedelta(1),
    datetime.datetime.min,
    pickle.loads(pickle.dumps(now)),
)
print([type(each) is datetime.datetime for each in values])
print(type(now.date()) is datetime.date, type(datetime.date.today()) is datetime.date)
print(
    isinstance(now, datetime.date),
    isinstance(now.date(), datetime.datetime),
    issubclass(datetime.datetime, datetime.date),
)
print(datetime.datetime.__name__, datetime.datetime.__mro__[1].__name__)
