"""The forms without arguments mean now."""

import calendar
import time

now = time.time()
print(abs(calendar.timegm(time.gmtime()) - now) < 5, abs(time.mktime(time.localtime()) - now) < 5)
print(
    abs(time.mktime(time.strptime(time.ctime())) - now) < 5,
    time.strftime("%Y") == time.ctime()[-4:],
)
print(abs(time.mktime(time.strptime(time.asctime())) - now) < 5)
print(abs(time.mktime(time.gmtime(None)) - now) < 5)
