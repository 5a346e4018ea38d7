"""Times given are turned into fields and texts, and back."""

import time

moment = 1_700_000_000
print(time.gmtime(moment)[:9], time.ctime(moment), time.asctime(time.gmtime(moment)))
print(time.strftime("%Y-%m-%dT%H:%M:%S%z %a %b %j", time.gmtime(moment)))
print(
    time.mktime(time.localtime(moment)) == moment, time.strptime("2024-02-29", "%Y-%m-%d").tm_yday
)
print(time.localtime(moment).tm_zone, time.timezone, time.tzname[0])
