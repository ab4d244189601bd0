"""Settings from the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from moveworks.auth import ApiKey, BearerToken, ClientCredentials, Credential
from moveworks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


ARGUMENTS: Final = {
    "MOVEWORKS_API_KEY": "records_auth",
    "MOVEWORKS_CLIENT_ID": "records_auth",
    "MOVEWORKS_CLIENT_SECRET": "records_auth",
    "MOVEWORKS_ASSISTANT_TOKEN": "assistant_auth",
    "MOVEWORKS_ASSISTANT": "assistant",
    "MOVEWORKS_REGION": "region",
    "MOVEWORKS_BASE_URL": "base_url",
}
"""The variables, and the argument of a client that each stands for."""


def settings_from_env(environment: Mapping[str, str], *, given: Collection[str] = ()) -> dict[str, Any]:
    """Arguments of a client out of environment variables; empty ones count as not set.

    Args:
        environment: The variables.
        given: Arguments that are known already; the variables for them are not looked at.

    Raises:
        ConfigurationError: if what is set is contradictory or incomplete; it names the variables and shows no value.
    """
    get = {
        name: value
        for name, value in environment.items()
        if value.strip() and ARGUMENTS.get(name) not in {None, *given}
    }.get
    key, client_id, client_secret = (
        get("MOVEWORKS_API_KEY"),
        get("MOVEWORKS_CLIENT_ID"),
        get("MOVEWORKS_CLIENT_SECRET"),
    )
    if key and (client_id or client_secret):
        raise ConfigurationError(
            "MOVEWORKS_API_KEY and MOVEWORKS_CLIENT_ID / _SECRET are both set", advice="Set one of them"
        )
    if bool(client_id) != bool(client_secret):
        missing = "MOVEWORKS_CLIENT_SECRET" if client_id else "MOVEWORKS_CLIENT_ID"
        raise ConfigurationError(f"{missing} is not set, and its other half is", advice="Set both or neither")
    records_auth: Credential | None = ApiKey(key) if key else None
    if client_id and client_secret:
        records_auth = ClientCredentials(client_id, client_secret)
    token = get("MOVEWORKS_ASSISTANT_TOKEN")
    return {
        "records_auth": records_auth,
        "assistant_auth": BearerToken(token) if token else None,
        "assistant": get("MOVEWORKS_ASSISTANT"),
        "region": get("MOVEWORKS_REGION"),
        "base_url": get("MOVEWORKS_BASE_URL"),
    }
