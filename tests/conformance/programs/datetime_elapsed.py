"""now() goes on while the program sleeps."""

import datetime
import time

begin = datetime.datetime.now()
time.sleep(0.3)
elapsed = datetime.datetime.now() - begin
print(datetime.timedelta(seconds=0.25) < elapsed < datetime.timedelta(seconds=5))
