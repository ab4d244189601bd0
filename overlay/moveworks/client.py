"""The merged facade: one client for both APIs, each half with its own credential."""

from __future__ import annotations

import os
from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any, Never, Self

from moveworks.assistant import Assistant, AsyncAssistant
from moveworks.auth import Credential
from moveworks.config import settings_from_env
from moveworks.errors import ConfigurationError
from moveworks.odata import Dialect
from moveworks.records import AsyncRecords, Records
from moveworks.regions import check_origin, check_region, resolve_origin, trusted_origin
from moveworks.transport import AsyncTransport, Transport, TransportOptions

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    import httpx

    from moveworks.transport import RequestEvent, ResponseEvent, RetryEvent


class _Client:
    """Settings of both clients.

    Args:
        records_auth: Credential of the export API: `ApiKey` or `ClientCredentials`.
        assistant_auth: Credential of the beta API: `BearerToken`. It stands for one user.
        assistant: Name of the assistant, exactly as configured; sent with every call of the beta API.
        region: Short name of the region, such as `us` (default) or `eu`.
        base_url: Any other origin, such as `http://127.0.0.1:8080`; the path below it comes from the spec.
        trusted_hosts: Hosts besides the configured one that next links and redirects may lead to with the credential.
        timeout: Seconds for connecting, and for each read.
        total_timeout: Seconds for one request with all its retries and waits.
        attempts: How often a request is sent at most.
        proxy: Address of a proxy.
        verify: False, or an SSL context, for servers with certificates of their own.
        http_client: An httpx client of yours to send with; it is never closed here.
        dialect: How times are written in filters: quoted, as the service documents (default), or as the OData standard
            has them.
        user_agent: Put before this library's own name.
        on_request: Called before a request is sent, with a `RequestEvent`.
        on_response: Called after an answer, with a `ResponseEvent`.
        on_retry: Called before a wait, with a `RetryEvent`.

    Raises:
        ConfigurationError: for settings that make no sense. A credential that is missing is named when it is needed.
    """

    def __init__(
        self,
        *,
        records_auth: Credential | None = None,
        assistant_auth: Credential | None = None,
        assistant: str | None = None,
        region: str | None = None,
        base_url: str | None = None,
        trusted_hosts: Collection[str] = (),
        timeout: float = 60.0,
        total_timeout: float = 600.0,
        attempts: int = 6,
        proxy: str | None = None,
        verify: bool | ssl.SSLContext = True,
        http_client: httpx.Client | httpx.AsyncClient | None = None,
        user_agent: str | None = None,
        dialect: Dialect = Dialect.QUOTED_UTC,
        on_request: Callable[[RequestEvent], Any] | None = None,
        on_response: Callable[[ResponseEvent], Any] | None = None,
        on_retry: Callable[[RetryEvent], Any] | None = None,
    ) -> None:
        for name, auth in (("records_auth", records_auth), ("assistant_auth", assistant_auth)):
            if auth is not None and not isinstance(auth, Credential):
                raise ConfigurationError(
                    f"{name} takes a credential, not {type(auth).__name__}",
                    advice="Use ApiKey, ClientCredentials or BearerToken",
                )
        if isinstance(trusted_hosts, str) or not isinstance(trusted_hosts, Collection):
            raise ConfigurationError(f"trusted_hosts takes a list of hosts, not {type(trusted_hosts).__name__}")
        if assistant is not None and not isinstance(assistant, str):
            raise ConfigurationError(f"assistant takes a name, not {type(assistant).__name__}")
        if not isinstance(dialect, Dialect):
            raise ConfigurationError(f"dialect is a moveworks.odata.Dialect, not {dialect!r}")
        if region is not None and base_url is not None:
            raise ConfigurationError("region and base_url are both given", advice="Give one of them")
        if region is not None:
            check_region(region)
        if base_url is not None:
            check_origin(base_url)
        self._auth: Mapping[str, Credential | None] = {"records": records_auth, "assistant": assistant_auth}
        self._assistant_name = assistant
        self._region, self._base_url = region, base_url
        self._trusted = tuple(map(trusted_origin, trusted_hosts))
        self._dialect = dialect
        self._options = TransportOptions(
            timeout=timeout,
            total_timeout=total_timeout,
            attempts=attempts,
            proxy=proxy,
            verify=verify,
            http_client=http_client,
            user_agent=user_agent,
            on_request=on_request,
            on_response=on_response,
            on_retry=on_retry,
        )
        self._transports: dict[str, Any] = {}
        self._closed = False

    @classmethod
    def from_env(cls, **overrides: Any) -> Self:
        """A client from `MOVEWORKS_…` environment variables; arguments given here win over them.

        Raises:
            ConfigurationError: if the variables are contradictory, incomplete, or hold no credential at all.
        """
        address = {"region", "base_url"}
        given = {*overrides, *(address if address & overrides.keys() else ())}
        settings = {**settings_from_env(os.environ, given=given), **overrides}
        if settings["records_auth"] is None and settings["assistant_auth"] is None:
            raise ConfigurationError(
                "no credential is set",
                advice="Set MOVEWORKS_API_KEY, or MOVEWORKS_CLIENT_ID and MOVEWORKS_CLIENT_SECRET, for the export API, "
                "and MOVEWORKS_ASSISTANT_TOKEN with MOVEWORKS_ASSISTANT for the beta API",
            )
        return cls(**settings)

    def _settings(self, service: str) -> dict[str, Any]:
        """Arguments of a transport for one half; names what is missing."""
        if self._closed:
            raise ConfigurationError("this client is closed", advice="Make a new one")
        auth = self._auth[service]
        if auth is None:
            what = "the export API (mw.records)" if service == "records" else "the beta API (mw.assistant)"
            variable = "MOVEWORKS_API_KEY" if service == "records" else "MOVEWORKS_ASSISTANT_TOKEN"
            raise ConfigurationError(
                f"{what} needs a credential", advice=f"Give {service}_auth=..., or set {variable} and use from_env()"
            )
        return {
            "origin": resolve_origin(service, self._region, self._base_url),
            "auth": auth,
            "options": self._options,
            "trusted": self._trusted,
        }

    def _named_assistant(self) -> str:
        name = self._assistant_name
        if not name or not name.strip():
            raise ConfigurationError(
                "the beta API (mw.assistant) needs the name of the assistant",
                advice="Give assistant=..., or set MOVEWORKS_ASSISTANT and use from_env()",
            )
        if name != name.strip() or not name.isascii() or not name.isprintable():
            raise ConfigurationError(f"assistant {name!r} cannot stand in a header")
        return name

    def __repr__(self) -> str:
        halves = [name for name, auth in self._auth.items() if auth is not None]
        return (
            f"{type(self).__name__}({', '.join(halves) or 'no credential'}, {self._base_url or self._region or 'us'})"
        )

    def __reduce__(self) -> Never:
        raise TypeError(f"{type(self).__name__} holds connections and secrets and cannot be pickled")


_SETTINGS = (_Client.__doc__ or "").partition("\n")[2]


class Moveworks(_Client):
    """A client for both APIs; safe to share between threads."""

    __doc__ = f"{__doc__}\n{_SETTINGS}"
    _transports: dict[str, Transport]

    @cached_property
    def records(self) -> Records:
        """The export API: every entity set by attribute and by published name."""
        return Records(self._transport("records"), dialect=self._dialect)

    @cached_property
    def assistant(self) -> Assistant:
        """The beta API, as the user of `assistant_auth`."""
        name = self._named_assistant() if self._auth["assistant"] else ""
        return Assistant(self._transport("assistant"), name)

    def _transport(self, service: str) -> Transport:
        return self._transports.setdefault(service, Transport(**self._settings(service)))

    def close(self) -> None:
        """Close all connections. May be called again."""
        self._closed = True
        for transport in self._transports.values():
            transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncMoveworks(_Client):
    """A client for both APIs on asyncio; use it within one event loop."""

    __doc__ = f"{__doc__}\n{_SETTINGS}"
    _transports: dict[str, AsyncTransport]

    @cached_property
    def records(self) -> AsyncRecords:
        """The export API: every entity set by attribute and by published name."""
        return AsyncRecords(self._transport("records"), dialect=self._dialect)

    @cached_property
    def assistant(self) -> AsyncAssistant:
        """The beta API, as the user of `assistant_auth`."""
        name = self._named_assistant() if self._auth["assistant"] else ""
        return AsyncAssistant(self._transport("assistant"), name)

    def _transport(self, service: str) -> AsyncTransport:
        return self._transports.setdefault(service, AsyncTransport(**self._settings(service)))

    async def aclose(self) -> None:
        """Close all connections. May be called again."""
        self._closed = True
        for transport in self._transports.values():
            await transport.aclose()

    async def close(self) -> None:
        """The same as `aclose`."""
        await self.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
