"""TZ and tzset change local time."""

import os
import time

os.environ["TZ"] = "EST+5"
time.tzset()
print(time.timezone, time.tzname, time.localtime(0).tm_hour, time.strftime("%H", time.localtime(0)))
