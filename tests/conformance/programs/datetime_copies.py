"""Dates can be pickled, copied, hashed and sorted."""

import copy
import datetime
import pickle

now = datetime.datetime.now(datetime.timezone.utc)
for each in (now, now.date(), now.time(), now.timetz()):
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(each, protocol)) == each
    print(
        type(each).__name__,
        copy.copy(each) == each,
        copy.deepcopy([each])[0] == each,
        len({each, copy.copy(each)}),
    )
