"""Dates are written and read."""

import datetime

moment = datetime.datetime.fromtimestamp(1_700_000_000, datetime.timezone.utc)
print(moment, moment.isoformat(), repr(moment), f"{moment:%d/%m/%y}", moment.strftime("%c"))
print(
    datetime.datetime.fromisoformat("2024-02-29T12:00:00.123456"),
    datetime.date.fromisoformat("2024-02-29"),
)
print(
    datetime.datetime.strptime("29 Feb 2024 +0100", "%d %b %Y %z"),
    moment.timetuple()[:6],
    moment.isocalendar()[:2],
)
