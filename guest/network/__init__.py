"""Sockets, TLS and waiting for either."""
