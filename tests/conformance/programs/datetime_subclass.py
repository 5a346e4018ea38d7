"""A subclass makes instances of its own."""

import datetime


class Moment(datetime.datetime):
    pass


print(
    type(Moment.now()).__name__,
    type(Moment.today()).__name__,
    type(Moment.fromtimestamp(0)).__name__,
)
print(
    type(Moment.now() + datetime.timedelta(1)).__name__,
    type(Moment.strptime("2024", "%Y")).__name__,
)
