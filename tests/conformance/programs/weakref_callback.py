"""Weak references call back, and finalizers run at the end."""

import weakref


class Thing:
    pass


thing, other = Thing(), Thing()
reference = weakref.ref(thing, lambda _: print("gone"))
weakref.finalize(other, print, "finalised")
del thing
print(reference())
