"""A lock cannot be pickled or copied, and with it nothing that holds one."""

import copy
import pickle
import threading

for make in (threading.Lock, threading.RLock):
    for work in (copy.copy, copy.deepcopy, pickle.dumps):
        try:
            work({"lock": make()} if work is not copy.copy else make())
            print("copied")
        except TypeError as error:
            print(error)
