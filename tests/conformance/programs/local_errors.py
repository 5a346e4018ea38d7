"""Missing attributes of a local, and its dictionary, behave as always."""

import threading

data = threading.local()
for action in (lambda: data.x, lambda: delattr(data, "x"), lambda: setattr(data, "__dict__", {})):
    try:
        action()
    except AttributeError as error:
        print(error)
data.x = 1
del data.x
print(vars(data))
