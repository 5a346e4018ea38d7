"""The server in real life: sockets, TLS, threads, the time of day, and what survives a kill.

``server`` puts lock, store and clock around the model; ``wsgi`` is the application with faults,
monitor pages and control plane; ``web`` binds it to ports; ``tls`` finds out who calls.
"""
