"""The sandbox itself: a service on a server on a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Self

from moveworks.auth import ApiKey, BearerToken
from moveworks.client import AsyncMoveworks, Moveworks
from moveworks.errors import ConfigurationError, MissingExtraError
from moveworks.sandbox.service import Service

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime
    from pathlib import Path

    from moveworks.sandbox.faults import Fault

WAITING: Final = 512
"""Connections that may wait to be accepted."""


class Sandbox(Service):
    """A local server that behaves like both APIs, on loopback.

    Use it as a context manager, or call `start()` and `stop()`.

    Args:
        rows: Number of interactions; other entity sets follow in the usual ratios.
        seed: Same seed and `now`, same records.
        load: Folder with `<entity>.json` files to serve in place of made-up records; they come back unchanged.
        living: Let daily batches of records arrive as time passes, some of them late, and some written again.
        host: Address to listen on; by default only this machine can reach it.
        port: Port; 0 takes a free one.
        allowed_hosts: Names under which it may be reached besides loopback ones and `host`.
        max_body: Bytes that the body of a request may have.
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
        living: bool = False,
        host: str = "127.0.0.1",
        port: int = 0,
        allowed_hosts: Collection[str] = (),
        max_body: int = 1_000_000,
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
        if isinstance(allowed_hosts, str):
            raise ConfigurationError("allowed_hosts takes a list, not text")
        super().__init__(
            rows=rows,
            seed=seed,
            load=load,
            living=living,
            faults=faults,
            scopes=scopes,
            token_lifetime=token_lifetime,
            nested_token=nested_token,
            nested_errors=nested_errors,
            raw_key=raw_key,
            missing_value=missing_value,
            standard_times=standard_times,
            now=now,
        )
        self._host, self._port = host, port
        self._hosts = {host, *allowed_hosts}
        self._max_body = max_body
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
                f"the sandbox needs {error.name}, of the extra sandbox",
                advice="Install it: pip install starlette uvicorn httptools",
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
        self._socket.listen(WAITING)
        self._port = self._socket.getsockname()[1]
        self._server = make_server(self, hosts=self._hosts, max_body=self._max_body)
        self._thread = threading.Thread(target=self._run, name="moveworks-sandbox", daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.002)
        # The event loop has made it as short as the number of connections that it accepts at once.
        self._socket.listen(WAITING)
        return self

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    def stop(self) -> None:
        """Stop listening and forget the records. May be called again."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=0.5)
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
