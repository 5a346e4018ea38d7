"""Classes of the main module can be pickled, also in threads that outlive it."""

import pickle
import threading
import time


class Thing:
    def __init__(self):
        self.x = 1


def work():
    time.sleep(0.1)
    print(pickle.loads(pickle.dumps(Thing())).x)


threading.Thread(target=work).start()
