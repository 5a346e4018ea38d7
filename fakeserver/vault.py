"""Credentials that the server hands out, and secrets that people leave with it.

Proxies by person and role, tokens of clients that are renewed when half their life is over, keys
by name, secrets by owner. Whom the real server lets have them stands in its table of users
(``people``). Read from panda-server@9cc36033:proxycache/panda_proxy_cache.py,
proxycache/token_cache.py, db_proxy_mods/entity_module.py (get_user_secrets).
"""

from __future__ import annotations

import json
from typing import Any

from fakeserver.keeping import Room
from fakeserver.keeping import Rooms
from fakeserver.tokens import LIFETIME_S
from fakeserver.tokens import issue

PILOTS = "pilot_secrets"  # the owner of what pilots get; panda_config.pilot_secrets there


class Vault:
    """What one server keeps under lock.

    *proxies*: PEM text by role (``""`` for none) or ``person|role``. *tokens* and *token_keys*: by
    client name. *keys*: by name. *secrets*: by owner. *clients*: of whom tokens are issued here,
    ``{"name", "vo", "role", "lifetime_s"}`` by client name.
    """

    def __init__(self, rooms: Rooms, *, token_seed: str) -> None:
        self._token_seed = token_seed
        self.proxies: Room[str] = rooms.room("proxies")
        self.tokens: Room[str] = rooms.room("tokens")
        self.token_keys: Room[str] = rooms.room("token_keys")
        self.keys: Room[str] = rooms.room("keys")
        self.secrets: Room[dict[str, str]] = rooms.room("secrets")
        self.clients: Room[dict[str, Any]] = rooms.room("clients")

    def proxy(self, person: str, role: str) -> str | None:
        """Return the proxy of a *person* (compact name) with *role*, or None."""
        return self.proxies.get(f"{person}|{role}", self.proxies.get(role))

    def token(self, client: str, *, now: float) -> str | None:
        """Return the token of *client*, renewed if half its life is over, or None."""
        described = self.clients.get(client)
        if described is None:
            return self.tokens.get(client)
        lifetime_s = float(described.get("lifetime_s", LIFETIME_S))
        if now >= float(described.get("renew_at", 0)):
            self.tokens[client] = issue(
                str(described.get("name", client)),
                vo=str(described["vo"]),
                role=str(described.get("role", "")),
                now=now,
                lifetime_s=lifetime_s,
                seed=self._token_seed,
            )
            described["renew_at"] = now + lifetime_s / 2
            self.clients.touch(client)
        return self.tokens[client]

    def set_secret(self, owner: str, key: str | None, value: str | None) -> None:
        """Keep *value* under *key*; None for a value forgets it, for a key all of them."""
        own = self.secrets.make(owner, {})
        if key is None:
            own.clear()
        elif value is None:
            own.pop(key, None)
        else:
            own[key] = value

    def secrets_of(self, owner: str, keys: str = "") -> dict[str, str]:
        """Return the secrets of *owner*: those of *keys* (with commas), or all."""
        own = self.secrets.get(owner, {})
        wanted = [each for each in keys.split(",") if each]
        return {key: value for key, value in own.items() if not wanted or key in wanted}

    def as_text(self, owner: str) -> str | None:
        """Return the secrets of *owner* as a pilot gets them with a job, JSON, or None."""
        own = self.secrets.get(owner)
        return json.dumps(own) if own else None

    def pilot_secrets(self) -> str | None:
        """Return the secrets that every pilot gets with every job, JSON, or None."""
        return self.as_text(PILOTS)
