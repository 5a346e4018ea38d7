"""Records go through a queue to a listener."""

import logging
import logging.handlers
import queue
import sys

box = queue.Queue()
handler = logging.StreamHandler(sys.stdout)
listener = logging.handlers.QueueListener(box, handler)
listener.start()
logger = logging.getLogger("x")
logger.addHandler(logging.handlers.QueueHandler(box))
for number in range(3):
    logger.warning("record %d", number)
listener.stop()
