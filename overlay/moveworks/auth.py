"""Credentials: what goes into the `Authorization` header, and when a token is renewed.

A credential never sends anything itself: the transport hands it a function that does, to the configured origin only.
"""

from __future__ import annotations

import copy
import inspect
import json
import re
import sys
import threading
import time
from abc import ABC, abstractmethod
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Literal, Never, cast
from urllib.parse import urlencode

from attrs import field, frozen

from moveworks.errors import ConfigurationError, DeadlineError, MoveworksError, ResponseError
from moveworks.forks import restart_after_fork
from moveworks.text import header_problem

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Awaitable, Callable, Generator

TOKEN_PATH: Final = "/oauth/v1/token"  # noqa: S105 - a path
ASSUMED_LIFETIME: Final = 60.0
"""Seconds that a token is used when the answer does not say how long it lasts: the shortest documented lifetime."""
MAX_MARGIN: Final = 60.0
"""Seconds before its end at which a token is renewed at the latest; of a short life it is a tenth."""
LOOK_AGAIN: Final = 0.5
"""Seconds between two looks at whether another one's token request is still under way."""


@frozen
class TokenRequest:
    """What to send to the token endpoint: path below the origin, headers and body, and what of it is secret."""

    path: str
    headers: dict[str, str]
    content: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


class Secret(str):
    """Text that is not shown where local variables are, as in the tracebacks of many tools."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class Credential(ABC):
    """Something that gives the value of the `Authorization` header.

    Never shown, logged or pickled. `rejected` is the value that the service answered with 401; a credential that has no
    other one returns it again, and the 401 stands.
    """

    @abstractmethod
    def authorization(
        self, fetch: Callable[[TokenRequest], object], rejected: str | None = None, *, timeout: float | None = None
    ) -> str:
        """The header's value.

        Args:
            fetch: Sends a token request and gives the decoded answer.
            rejected: The value that was answered with 401.
            timeout: Seconds to wait at most for a token that another thread has asked for.
        """

    async def async_authorization(
        self, fetch: Callable[[TokenRequest], Awaitable[object]], rejected: str | None = None
    ) -> str:
        """As `authorization`, without blocking the event loop."""
        del fetch
        return self.authorization(_no_fetch, rejected)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    def __reduce__(self) -> Never:
        raise TypeError(f"{type(self).__name__} holds a secret and cannot be pickled; make it where it is used")


class ApiKey(Credential):
    """An API key of the export API.

    Args:
        key: The key.
        scheme: `bearer` sends `Authorization: Bearer <key>`; `raw` sends the bare key, as one page of the vendor shows.
    """

    def __init__(self, key: str, *, scheme: Literal["bearer", "raw"] = "bearer") -> None:
        if scheme not in {"bearer", "raw"}:
            raise ConfigurationError(f"scheme of an ApiKey is 'bearer' or 'raw', not {scheme!r}")
        secret = _secret("the API key", key, scheme=scheme == "bearer")
        self._value = Secret(f"Bearer {secret}") if scheme == "bearer" else secret

    def authorization(
        self, fetch: Callable[[TokenRequest], object], rejected: str | None = None, *, timeout: float | None = None
    ) -> str:
        """The header's value."""
        del fetch, rejected, timeout
        return self._value


class BearerToken(Credential):
    """A token that somebody else issues: text, or a function that returns it, which may be async for an async client.

    A function is called for every request, so it should keep the token while it is valid; after a 401 it is called once
    more.
    """

    def __init__(self, token: str | Callable[[], str] | Callable[[], Awaitable[str]]) -> None:
        if not callable(token):
            token = _secret("the bearer token", token, scheme=True)
        self._token = token

    def authorization(
        self, fetch: Callable[[TokenRequest], object], rejected: str | None = None, *, timeout: float | None = None
    ) -> str:
        """The header's value."""
        del fetch, rejected, timeout
        token = self._token() if callable(self._token) else self._token
        if inspect.isawaitable(token):
            if inspect.iscoroutine(token):
                token.close()
            raise ConfigurationError(
                "the function of this BearerToken is async, and the client is not",
                advice="Use AsyncMoveworks, or a function that returns the token",
            )
        return Secret(f"Bearer {_secret('the bearer token', token, scheme=True)}")

    async def async_authorization(
        self, fetch: Callable[[TokenRequest], Awaitable[object]], rejected: str | None = None
    ) -> str:
        """The header's value."""
        del fetch, rejected
        token = self._token() if callable(self._token) else self._token
        if inspect.isawaitable(token):
            token = await token
        return Secret(f"Bearer {_secret('the bearer token', token, scheme=True)}")


@frozen
class _Token:
    header: Secret
    refresh_at: float


class _Flight(Future[Exception | None]):
    """A token request that is under way; its result is what went wrong, if anything did."""

    def __init__(self) -> None:
        super().__init__()
        self.thread = threading.current_thread()
        # Who runs a loop has imported asyncio, which takes as long as the rest of this library.
        asyncio = sys.modules.get("asyncio")
        self._loop: AbstractEventLoop | None = None
        if asyncio is not None:
            with suppress(RuntimeError):
                self._loop = asyncio.get_running_loop()

    @property
    def abandoned(self) -> bool:
        """Whether whoever asked for the token cannot go on: the thread has ended, or its event loop stands still."""
        running = self._loop is None or self._loop.is_running()
        return not self.done() and not (running and self.thread.is_alive())


class ClientCredentials(Credential):
    """OAuth2 client credentials of the export API: exchanged for access tokens, which are renewed before they end.

    A token is renewed when a tenth of its life, at most 60 s, is left, and once after a 401. However many threads and
    tasks ask, one token request is made; a failure reaches all who wait for it and is not remembered.

    Args:
        client_id: Identifies the client.
        client_secret: Its secret.
        body: How the token request is written; both are documented.
    """

    def __init__(self, client_id: str, client_secret: str, *, body: Literal["json", "form"] = "json") -> None:
        if body not in {"json", "form"}:
            raise ConfigurationError(f"body of ClientCredentials is 'json' or 'form', not {body!r}")
        self._form = {
            "client_id": _secret("the client id", client_id),
            "client_secret": _secret("the client secret", client_secret),
            "grant_type": "client_credentials",
        }
        self._body = body
        self._lock = threading.Lock()
        self._token: _Token | None = None
        self._flight: _Flight | None = None
        self._clock = time.monotonic
        restart_after_fork(self)

    def restart(self) -> None:
        """Begin anew in a child process: its parent's lock may be held, and its parent's request does not end here."""
        self._lock, self._token, self._flight = threading.Lock(), None, None

    def authorization(
        self, fetch: Callable[[TokenRequest], object], rejected: str | None = None, *, timeout: float | None = None
    ) -> str:
        """The header's value, from a token that is still good."""
        steps = self._steps(rejected, blocking=True)
        ends = None if timeout is None else time.monotonic() + timeout
        try:
            wanted = next(steps)
            while True:
                if isinstance(wanted, TokenRequest):
                    try:
                        wanted = steps.send(fetch(wanted))
                    except Exception as error:  # noqa: BLE001 - it is raised again, by those who wait as well
                        steps.throw(error)
                elif _ended(wanted, ends):
                    wanted = steps.send(wanted.result())
                elif wanted.abandoned:
                    wanted = steps.send(_AbandonedError())
                else:
                    break
        except StopIteration as finished:
            return cast("str", finished.value)
        finally:
            steps.close()
        raise DeadlineError("another thread's token request takes too long", advice="Raise total_timeout")

    async def async_authorization(
        self, fetch: Callable[[TokenRequest], Awaitable[object]], rejected: str | None = None
    ) -> str:
        """As `authorization`, without blocking the event loop."""
        import asyncio

        steps = self._steps(rejected, blocking=False)
        try:
            wanted = next(steps)
            while True:
                if isinstance(wanted, TokenRequest):
                    try:
                        wanted = steps.send(await fetch(wanted))
                    except Exception as error:  # noqa: BLE001 - it is raised again, by those who wait as well
                        steps.throw(error)
                else:
                    landed = asyncio.wrap_future(wanted)
                    while not landed.done() and not wanted.abandoned:
                        await asyncio.wait([landed], timeout=LOOK_AGAIN)
                    wanted = steps.send(landed.result() if landed.done() else _AbandonedError())
        except StopIteration as finished:
            return cast("str", finished.value)
        finally:
            steps.close()

    def _steps(self, rejected: str | None, *, blocking: bool) -> Generator[TokenRequest | _Flight, object, str]:
        """Everything but the waiting: asks for a request to be sent, or for another's flight to end."""
        while True:
            with self._lock:
                token = self._token
                if token and self._clock() < token.refresh_at and token.header != rejected:
                    return token.header
                flight = self._flight
                # A task of this very thread cannot go on while the thread is blocked: waiting for it would never end.
                own = flight is not None and blocking and flight.thread is threading.current_thread()
                leads = flight is None or own or flight.abandoned
                if leads:
                    flight = self._flight = _Flight()
            assert flight is not None
            if leads:
                return (yield from self._lead(flight))
            failure = yield flight
            # Whoever led may have been cancelled, which says nothing about us: then another one leads.
            if isinstance(failure, Exception) and not isinstance(failure, _AbandonedError):
                # A copy, since an error belongs to one list: it gets a traceback and a link to resume from.
                raise copy.copy(failure) if isinstance(failure, MoveworksError) else failure

    def _lead(self, flight: _Flight) -> Generator[TokenRequest | _Flight, object, str]:
        began = self._clock()
        try:
            token = _given(self._read((yield self._request()), began))
        except BaseException as error:
            self._land(flight, None)
            # GeneratorExit says that the sender failed or was cancelled, without saying how.
            flight.set_result(error if isinstance(error, Exception) else _AbandonedError())
            raise
        self._land(flight, token)
        flight.set_result(None)
        return token.header

    def _land(self, flight: _Flight, token: _Token | None) -> None:
        with self._lock:
            if token is not None:
                self._token = token
            if self._flight is flight:
                self._flight = None

    def _request(self) -> TokenRequest:
        if self._body == "form":
            kind, content = "application/x-www-form-urlencoded", urlencode(self._form).encode()
        else:
            kind, content = "application/json", json.dumps(self._form).encode()
        headers = {"Content-Type": kind, "Accept": "application/json"}
        return TokenRequest(TOKEN_PATH, headers, content, secrets=(self._form["client_secret"],))

    @staticmethod
    def _read(answer: object, began: float) -> _Token | None:
        """The token of an answer, flat or nested under `data`; its life counts from when it was asked for."""
        held: Any = answer
        if isinstance(held, dict) and "access_token" not in held and isinstance(held.get("data"), dict):
            held = held["data"]
        value = held.get("access_token") if isinstance(held, dict) else None
        if not isinstance(value, str) or header_problem(value):
            return None
        try:
            lifetime = float(held.get("expires_in", ASSUMED_LIFETIME))
        except (TypeError, ValueError, OverflowError):
            lifetime = ASSUMED_LIFETIME
        if not 0 < lifetime < float("inf"):
            lifetime = ASSUMED_LIFETIME
        return _Token(Secret(f"Bearer {value}"), began + lifetime - min(MAX_MARGIN, lifetime / 10))


class _AbandonedError(Exception):
    """The one who asked for the token went away."""


def _ended(flight: _Flight, ends: float | None) -> bool:
    """Wait until another one's token request has ended; False if it is abandoned or the time is over."""
    while not flight.abandoned:
        left = LOOK_AGAIN if ends is None else min(LOOK_AGAIN, ends - time.monotonic())
        if left <= 0:
            break
        with suppress(TimeoutError):
            flight.exception(left)
        if flight.done():
            break
    return flight.done()


def _given(token: _Token | None) -> _Token:
    if token is None:
        raise ResponseError("the token endpoint answered without a usable access_token")
    return token


def _secret(what: str, value: object, *, scheme: bool = False) -> Secret:
    """A value that is allowed in a header; the message never shows it.

    Quotes around it, and with `scheme` the word Bearer in front of it, come from a line of a shell or of a page that
    was copied whole: they are left out.
    """
    if not isinstance(value, str):
        raise ConfigurationError(f"{what} must be text, not {type(value).__name__}")
    for quote in "'\"":
        if len(value) > 1 and value[0] == value[-1] == quote:
            value = value[1:-1]
    if scheme:
        value = re.sub(r"^(?:authorization: *)?bearer +(?=.)", "", value, flags=re.IGNORECASE)
    if problem := header_problem(value):
        raise ConfigurationError(f"{what} {problem}")
    return Secret(value)


def _no_fetch(request: TokenRequest) -> Never:
    raise AssertionError(f"nothing is fetched for this credential: {request.path}")
