"""The forms of now agree with the clock."""

import datetime
import time
import warnings

warnings.simplefilter("ignore")
now, moment = datetime.datetime.now(), time.time()
print(
    abs(now.timestamp() - moment) < 5, abs((datetime.datetime.utcnow() - now).total_seconds()) < 5
)
print(
    datetime.date.today() == now.date() or now.hour == 23,
    abs(datetime.datetime.today() - now) < datetime.timedelta(seconds=5),
)
aware = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=2)))
print(aware.utcoffset(), abs(aware.timestamp() - moment) < 5, now.tzinfo)
