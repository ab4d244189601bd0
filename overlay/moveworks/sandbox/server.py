"""The sandbox itself: a server on a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from moveworks.auth import ApiKey, BearerToken
from moveworks.client import AsyncMoveworks, Moveworks
from moveworks.errors import ConfigurationError, MissingExtraError
from moveworks.records.namespace import find_entity_set
from moveworks.sandbox.access import Access
from moveworks.sandbox.faults import Fault, Faults
from moveworks.sandbox.listing import Listings
from moveworks.sandbox.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from starlette.requests import Request


class Sandbox:
    """A local server that behaves like both APIs, on loopback.

    Use it as a context manager, or call `start()` and `stop()`.

    Args:
        rows: Number of interactions; other entity sets follow in the usual ratios.
        seed: Same seed and `now`, same records.
        load: Folder with `<entity>.json` files to serve in place of made-up records; they come back unchanged.
        host: Address to listen on; by default only this machine can reach it.
        port: Port; 0 takes a free one.
        faults: Rules in force from the beginning.
        scopes: Entity sets that the credential may read; all by default.
        token_lifetime: Seconds that an access token lasts.
        nested_token: Put the token answer under `data`.
        nested_errors: Give errors of the export API as `{"error": {…}}`.
        raw_key: Accept the API key without `Bearer` as well.
        missing_value: Leave `value` out of an empty page, as the service may.
        standard_times: Accept bare times in filters; by default they must be quoted, as the service documents.
        now: The sandbox's present; by default the real one.
    """

    def __init__(
        self,
        *,
        rows: int = 1000,
        seed: int = 0,
        load: Path | str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        faults: Iterable[Fault | str] = (),
        scopes: Collection[str] | None = None,
        token_lifetime: float = 3600,
        nested_token: bool = False,
        nested_errors: bool = False,
        raw_key: bool = False,
        missing_value: bool = True,
        standard_times: bool = False,
        now: datetime | None = None,
    ) -> None:
        if rows < 0:
            raise ConfigurationError(f"rows is a number, 0 or more, not {rows}")
        if now is not None and now.utcoffset() is None:
            raise ConfigurationError(f"now has no time zone: {now.isoformat()}")
        for name, given in (("faults", faults), ("scopes", scopes)):
            if isinstance(given, str):
                raise ConfigurationError(f"{name} takes a list, not text")
        self._host, self._port = host, port
        self._offset = 0.0
        self._now = now or datetime.now(UTC)
        self._began = time.monotonic()
        self.assistant = "sandbox-bot"
        self.nested_errors, self.missing_value = nested_errors, missing_value
        self.access = Access(
            clock=self.clock,
            scopes=scopes,
            token_lifetime=token_lifetime,
            nested_token=nested_token,
            raw_key=raw_key,
        )
        self.store = Store(
            rows=rows, seed=seed, load=Path(load) if load is not None else None, began=self._now, now=self.now
        )
        self.listings = Listings(self.store, standard_times=standard_times)
        self.faults = Faults([Fault.parse(rule) if isinstance(rule, str) else rule for rule in faults])
        self.requests: list[dict[str, Any]] = []
        self.violations: list[dict[str, Any]] = []
        self.conversations = self._made_conversations()
        self._thread: threading.Thread | None = None
        self._server: Any = None
        self._socket: socket.socket | None = None

    # what a client needs

    @property
    def base_url(self) -> str:
        """The origin, for `base_url=`."""
        # Who listens everywhere is reached on loopback, the only place to which a client sends credentials over http.
        host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104 - as above
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}"

    @property
    def api_key(self) -> str:
        """Key of the export API."""
        return self.access.api_key

    @property
    def client_id(self) -> str:
        """Client id of the export API."""
        return self.access.client_id

    @property
    def client_secret(self) -> str:
        """Client secret of the export API."""
        return self.access.client_secret

    @property
    def assistant_token(self) -> str:
        """Token of a user for the beta API."""
        return self.access.assistant_token

    @property
    def conversation_ids(self) -> list[str]:
        """Ids of the conversations in the beta API."""
        return list(self.conversations)

    def client(self, **overrides: Any) -> Moveworks:
        """A client of this sandbox; arguments go to `Moveworks`."""
        return Moveworks(**{**self._settings(), **overrides})

    def async_client(self, **overrides: Any) -> AsyncMoveworks:
        """An async client of this sandbox; arguments go to `AsyncMoveworks`."""
        return AsyncMoveworks(**{**self._settings(), **overrides})

    def environment(self) -> dict[str, str]:
        """Environment variables for `Moveworks.from_env()` and the command line."""
        return {
            "MOVEWORKS_API_KEY": self.api_key,
            "MOVEWORKS_ASSISTANT_TOKEN": self.assistant_token,
            "MOVEWORKS_ASSISTANT": self.assistant,
            "MOVEWORKS_BASE_URL": self.base_url,
        }

    def _settings(self) -> dict[str, Any]:
        return {
            "records_auth": ApiKey(self.api_key),
            "assistant_auth": BearerToken(self.assistant_token),
            "assistant": self.assistant,
            "base_url": self.base_url,
        }

    # what a test needs

    def rows(self, entity: str) -> list[dict[str, Any]]:
        """All records of an entity set that are served."""
        return self.store.rows(find_entity_set(entity).name)

    def add_fault(self, fault: Fault | str) -> None:
        """Put a rule in force."""
        self.faults.add(Fault.parse(fault) if isinstance(fault, str) else fault)

    def clear_faults(self) -> None:
        """Take all rules out of force."""
        self.faults.clear()

    def clock(self) -> float:
        """Seconds since the start, with what `advance` added."""
        return time.monotonic() - self._began + self._offset

    def now(self) -> datetime:
        """The sandbox's present."""
        return self._now + timedelta(seconds=self.clock())

    def advance(self, seconds: float) -> None:
        """Let time pass: tokens end, Retry-After passes, records leave the 30 days."""
        self._offset += seconds

    def record(self, request: Request, route: str) -> None:
        """Write a request down, without its secrets."""
        secrets = self.access.secrets()
        headers = {
            name: "***" if name == "authorization" or any(secret in value for secret in secrets) else value
            for name, value in request.headers.items()
        }
        query = request.scope["query_string"].decode("latin-1")
        self.requests.append(
            {"method": request.method, "path": request.url.path, "query": query, "route": route, "headers": headers}
        )

    def violate(self, request: Request, reason: str, *, hide: bool = False) -> None:
        """Write down what a client must not do in the request that was recorded last; `hide` its address."""
        if hide:
            self.requests[-1].update(path="***", query="***")
        written = self.requests[-1]
        self.violations.append(
            {"method": request.method, "path": written["path"], "query": written["query"], "reason": reason}
        )

    def _made_conversations(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for index in range(20):
            identity = self.store.generator.beta_id("conv", index)
            created = self._now - timedelta(hours=index + 1)
            found[identity] = {
                "conversation_id": identity,
                "title": f"Conversation {index + 1}",
                "archived": index % 5 == 4,
                "created_at": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "updated_at": created.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            }
        return found

    # life

    def start(self) -> Self:
        """Listen, and return when requests are answered.

        Raises:
            MissingExtraError: without the extra `sandbox`.
            ConfigurationError: if the address cannot be listened on.
        """
        if self._thread is not None:
            raise ConfigurationError("a sandbox is started once; make a new one")
        try:
            from moveworks.sandbox.serving import make_server
        except ImportError as error:
            raise MissingExtraError(
                f"the sandbox needs {error.name}", advice='Install it: pip install "moveworks-client[sandbox]"'
            ) from None
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # asyncio sends small answers at once only on sockets that say they are TCP.
        self._socket = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((self._host, self._port))
        except (OSError, OverflowError) as error:
            self.stop()
            raise ConfigurationError(f"cannot listen on {self._host}:{self._port}: {error}") from None
        self._socket.listen(128)
        self._port = self._socket.getsockname()[1]
        self._server = make_server(self)
        self._thread = threading.Thread(target=self._run, name="moveworks-sandbox", daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.002)
        return self

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    def stop(self) -> None:
        """Stop listening and forget the records. May be called again."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=2)
        # Ends what still makes records.
        self.store.close()
        if self._thread is not None:
            self._thread.join(timeout=10)
        if self._socket is not None:
            self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Sandbox {self.base_url}>"
