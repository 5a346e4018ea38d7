"""Credentials: whose they are, how long they last, where new ones come from.

proxy.py     the pilot's own: proxy with VOMS attributes, or token; its mode and lifetimes
renewal.py   new proxies from the PanDA server, for the pilot and for the payload of a user
myproxy.py   proxies from a MyProxy server, fetched by whom the pilot is
glexec.py    a payload that runs under the account of its owner
signature.py the server's signature on a job record
"""

from __future__ import annotations

from pilotcore.credentials.proxy import Credential
from pilotcore.credentials.proxy import check_file
from pilotcore.credentials.proxy import proxy_file
from pilotcore.credentials.proxy import seconds_of
from pilotcore.credentials.proxy import token_file

__all__ = ["Credential", "check_file", "proxy_file", "seconds_of", "token_file"]
