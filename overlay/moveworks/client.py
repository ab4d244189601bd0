"""The merged facade: one client for both APIs, each half with its own credential."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, Never, Self, TypedDict, Unpack

from attrs import evolve

from moveworks.assistant import Assistant, AsyncAssistant
from moveworks.auth import Credential
from moveworks.config import settings_from_env
from moveworks.errors import ConfigurationError
from moveworks.lazy import Part
from moveworks.odata import Dialect
from moveworks.records import AsyncRecords, Records
from moveworks.regions import check_origin, check_region, resolve_origin, trusted_origin
from moveworks.text import header_problem
from moveworks.transport import TransportOptions

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    import httpx

    from moveworks.transport.aio import AsyncConnections
    from moveworks.transport.connections import Connections
    from moveworks.transport.events import RequestEvent, ResponseEvent, RetryEvent
    from moveworks.transport.pace import Pace


class CallOptions(TypedDict, total=False):
    """What `with_options` changes."""

    timeout: float
    total_timeout: float
    attempts: int
    longest_wait: float
    max_response_bytes: int
    user_agent: str | None
    pace: Pace | None
    on_request: Callable[[RequestEvent], Any] | None
    on_response: Callable[[ResponseEvent], Any] | None
    on_retry: Callable[[RetryEvent], Any] | None


class ClientOptions(CallOptions, total=False):
    """Arguments of a client."""

    records_auth: Credential | None
    assistant_auth: Credential | None
    assistant: str | None
    region: str | None
    base_url: str | None
    trusted_hosts: Collection[str]
    proxy: str | None
    verify: bool | ssl.SSLContext
    http_client: httpx.Client | httpx.AsyncClient | None
    dialect: Dialect


class _Client:
    """Settings of both clients.

    Args:
        records_auth: Credential of the export API: `ApiKey` or `ClientCredentials`.
        assistant_auth: Credential of the beta API: `BearerToken`. It stands for one user.
        assistant: Name of the assistant, exactly as configured; sent with every call of the beta API.
        region: Short name of the region, such as `us` (default) or `eu`.
        base_url: Any other origin, such as `http://127.0.0.1:8080`; the path below it comes from the spec. What is sent
            to a loopback address goes through no proxy of the environment.
        trusted_hosts: Hosts besides the configured one that next links and redirects may lead to with the credential.
        timeout: Seconds for connecting, and for each read.
        total_timeout: Seconds for one request with all its retries and waits.
        attempts: How often a request is sent at most.
        longest_wait: Longest time in seconds that the service may ask to wait; beyond it the error is raised at once.
        max_response_bytes: Largest body, after decompression.
        proxy: URL of a proxy.
        verify: False, or an SSL context, for servers with certificates of their own.
        http_client: An httpx client of yours to send with; it is never closed here.
        dialect: How times are written in filters: quoted, as the service documents (default), or as the OData standard
            has them.
        user_agent: Put before this library's own name.
        pace: Shared by threads, so that all of them slow down after a 429; for `Moveworks` only.
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
        longest_wait: float = 180.0,
        max_response_bytes: int = 32 * 1024 * 1024,
        proxy: str | None = None,
        verify: bool | ssl.SSLContext = True,
        http_client: httpx.Client | httpx.AsyncClient | None = None,
        user_agent: str | None = None,
        pace: Pace | None = None,
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
            region = check_region(region)
        if base_url is not None:
            check_origin(base_url)
        self._auth: Mapping[str, Credential | None] = {"records": records_auth, "assistant": assistant_auth}
        self._assistant_name = assistant
        self._region, self._base_url = region, base_url
        self._trusted = frozenset(map(trusted_origin, trusted_hosts))
        self._dialect = dialect
        self._options = TransportOptions(
            timeout=timeout,
            total_timeout=total_timeout,
            attempts=attempts,
            longest_wait=longest_wait,
            max_response_bytes=max_response_bytes,
            proxy=proxy,
            verify=verify,
            http_client=http_client,
            user_agent=user_agent,
            pace=pace,
            on_request=on_request,
            on_response=on_response,
            on_retry=on_retry,
        )
        # One for all copies of this client, and for all threads that need it first: filled in one step.
        self._made: dict[str, Any] = {}
        self._closed = False

    @classmethod
    def from_env(cls, **overrides: Unpack[ClientOptions]) -> Self:
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

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """The same client with other settings for single calls: `mw.with_options(attempts=1).records.users.count()`.

        It shares connections, tokens and everything else; closing either closes both.

        Raises:
            ConfigurationError: for a value that makes no sense.
            TypeError: for a setting that belongs to the whole client.
        """
        if unknown := options.keys() - CallOptions.__annotations__.keys():
            known = ", ".join(CallOptions.__annotations__)
            raise TypeError(f"with_options() does not take {', '.join(sorted(unknown))}; it takes {known}")
        self._connect()  # so that there is something that closing either closes
        other = object.__new__(type(self))
        vars(other).update({name: value for name, value in vars(self).items() if name not in {"records", "assistant"}})
        other._options = evolve(self._options, **options)
        return other

    @property
    def _connections(self) -> Any:
        return self._made.get("connections")

    def _connect(self) -> Any:
        """The connections, made when they are first needed."""
        raise NotImplementedError

    def _settings(self, service: str) -> dict[str, Any]:
        """Arguments of a transport for one half; names what is missing."""
        if self._closed or (self._connections is not None and self._connections.closed):
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
            "connections": self._connect(),
        }

    def _named_assistant(self) -> str:
        name = self._assistant_name
        if not name or not name.strip():
            raise ConfigurationError(
                "the beta API (mw.assistant) needs the name of the assistant",
                advice="Give assistant=..., or set MOVEWORKS_ASSISTANT and use from_env()",
            )
        if problem := header_problem(name):
            raise ConfigurationError(f"assistant {name!r} {problem}")
        return name

    def __repr__(self) -> str:
        halves = [name for name, auth in self._auth.items() if auth is not None]
        return (
            f"{type(self).__name__}({', '.join(halves) or 'no credential'}, {self._base_url or self._region or 'us'})"
        )

    def __reduce__(self) -> Never:
        raise TypeError(f"{type(self).__name__} holds connections and secrets and cannot be pickled")


def _records(client: Moveworks) -> Records:
    from moveworks.transport.http import Transport

    return Records(Transport(**client._settings("records")), dialect=client._dialect)  # noqa: SLF001 - of this module


def _assistant(client: Moveworks) -> Assistant:
    from moveworks.transport.http import Transport

    settings = client._settings("assistant")  # noqa: SLF001 - of this module
    return Assistant(Transport(**settings), client._named_assistant())  # noqa: SLF001


def _async_records(client: AsyncMoveworks) -> AsyncRecords:
    from moveworks.transport.aio import AsyncTransport

    return AsyncRecords(AsyncTransport(**client._settings("records")), dialect=client._dialect)  # noqa: SLF001


def _async_assistant(client: AsyncMoveworks) -> AsyncAssistant:
    from moveworks.transport.aio import AsyncTransport

    settings = client._settings("assistant")  # noqa: SLF001 - of this module
    return AsyncAssistant(AsyncTransport(**settings), client._named_assistant())  # noqa: SLF001


class Moveworks(_Client):
    """A client for both APIs; safe to share between threads."""

    records = Part(Records, _records, "The export API: every entity set by attribute and by published name.")
    assistant = Part(Assistant, _assistant, "The beta API, as the user of `assistant_auth`.")

    def _connect(self) -> Connections:
        from moveworks.transport.connections import Connections

        made: Connections | None = self._connections
        return made if made is not None else self._made.setdefault("connections", Connections(self._options))

    def close(self) -> None:
        """Close all connections. May be called again."""
        self._closed = True
        if self._connections is not None:
            self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncMoveworks(_Client):
    """A client for both APIs on asyncio; use it within one event loop."""

    records = Part(AsyncRecords, _async_records, "The export API: every entity set by attribute and by published name.")
    assistant = Part(AsyncAssistant, _async_assistant, "The beta API, as the user of `assistant_auth`.")

    def _connect(self) -> AsyncConnections:
        from moveworks.transport.aio import AsyncConnections

        made: AsyncConnections | None = self._connections
        return made if made is not None else self._made.setdefault("connections", AsyncConnections(self._options))

    async def aclose(self) -> None:
        """Close all connections. May be called again.

        Raises:
            ConfigurationError: in another event loop, while the one of the connections runs.
        """
        self._closed = True
        if self._connections is not None:
            await self._connections.aclose()

    async def close(self) -> None:
        """The same as `aclose`."""
        await self.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


for _kind in (Moveworks, AsyncMoveworks):
    # For help(): the arguments are documented once.
    _kind.__doc__ = f"{_kind.__doc__}\n{(_Client.__doc__ or '').partition(chr(10))[2]}"
