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


EXPORT: Final = {
    name: name.removeprefix("MOVEWORKS_").lower()
    for name, argument in ARGUMENTS.items()
    if not argument.startswith("assistant")
}
"""The variables of the export API, and the name of each where another program keeps settings."""


def export_settings(found: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Settings of the export API that another program keeps, and what it leaves open from the environment.

    Args:
        found: Its settings, under the names of the variables. Credential and address each come from one place.
        environment: The variables.

    Raises:
        ConfigurationError: if they are contradictory or incomplete, or hold no credential.
    """
    known = {ARGUMENTS[name] for name in found}
    if known & {"region", "base_url"}:
        known |= {"region", "base_url"}
    rest = {name: environment[name] for name in EXPORT if name in environment and ARGUMENTS[name] not in known}
    settings = {**rest, **found}
    if settings_from_env(settings)["records_auth"] is None:
        raise ConfigurationError(
            "no credential of the export API is set",
            advice="Set MOVEWORKS_API_KEY, or MOVEWORKS_CLIENT_ID and MOVEWORKS_CLIENT_SECRET",
        )
    return settings


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
