"""Who may do what: keys, tokens with a real end, and scopes."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from moveworks.errors import ConfigurationError
from moveworks.records.namespace import find_entity_set
from moveworks_export.entities import ENTITY_SETS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class Access:
    """Credentials of one sandbox. The two APIs have their own, as in the real service."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        scopes: Collection[str] | None,
        token_lifetime: float,
        nested_token: bool,
        raw_key: bool,
    ) -> None:
        self.api_key = f"sandbox-key-{secrets.token_hex(12)}"
        self.client_id = "sandbox-client"
        self.client_secret = f"sandbox-secret-{secrets.token_hex(12)}"
        self.assistant_token = f"sandbox-user-{secrets.token_hex(12)}"
        self.scopes = set(ENTITY_SETS) if scopes is None else {_entity_set(scope) for scope in scopes}
        self.token_lifetime = token_lifetime
        self._nested = nested_token
        self._raw_key = raw_key
        self._clock = clock
        self._tokens: dict[str, float] = {}

    def exchange(self, form: dict[str, Any]) -> dict[str, Any] | None:
        """A new access token for client credentials; None if they are wrong."""
        right = (self.client_id, self.client_secret, "client_credentials")
        if (form.get("client_id"), form.get("client_secret"), form.get("grant_type")) != right:
            return None
        token = f"sandbox-token-{secrets.token_hex(12)}"
        self._tokens[token] = self._clock() + self.token_lifetime
        answer = {"access_token": token, "expires_in": self.token_lifetime, "token_type": "Bearer"}
        return {"data": answer} if self._nested else answer

    def revoke_tokens(self) -> None:
        """End all access tokens that were given out; they stay secrets."""
        self._tokens = dict.fromkeys(self._tokens, 0.0)

    def records(self, header: str | None) -> bool:
        """Whether a header opens the export API."""
        if self._raw_key and header == self.api_key:
            return True
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer":
            return False
        return token == self.api_key or self._tokens.get(token, 0.0) > self._clock()

    def assistant(self, header: str | None) -> bool:
        """Whether a header opens the beta API."""
        scheme, _, token = (header or "").partition(" ")
        return scheme.lower() == "bearer" and token == self.assistant_token

    def secrets(self) -> list[str]:
        """Everything that must never stand in an address."""
        return [self.api_key, self.client_secret, self.assistant_token, *self._tokens]


def _entity_set(name: str) -> str:
    try:
        return find_entity_set(name).name
    except KeyError as error:
        raise ConfigurationError(f"scopes: {error.args[0]}") from None
