"""A function of time kept in a class does not become a method."""

import logging
import sys
import time


class Watch:
    now = time.monotonic
    sleep = time.sleep


print(Watch().now() > 0, Watch().sleep(0.01))
logging.Formatter.converter = time.gmtime
logging.basicConfig(stream=sys.stdout, format="%(asctime)s %(message)s", datefmt="%Y")
logging.warning("x")
