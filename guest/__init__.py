"""Virtual time for an unmodified, threaded Python program.

The program runs in its own interpreter, in which what blocks, what reads a clock and what
reaches the outside has been replaced before anything else was imported. A library in its own
right: it knows nothing of what the program is. The other end, the host, is any process that
speaks the protocol of :mod:`guest.wire`.

Nothing is imported here: a guest's first imports must come before its locks exist.
"""
