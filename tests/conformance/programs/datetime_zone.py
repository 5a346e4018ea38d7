"""Zones of the database, if it is there, and a tzinfo of one's own."""

import datetime


class Own(datetime.tzinfo):
    def utcoffset(self, moment):
        return datetime.timedelta(hours=3)

    def dst(self, moment):
        return datetime.timedelta(0)

    def tzname(self, moment):
        return "OWN"


now = datetime.datetime.now(Own())
print(
    now.strftime("%Z %z"),
    abs(now - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(seconds=5),
)
