"""Connections: one pool for each origin, directly or through a proxy, over httpcore's public interface."""

from __future__ import annotations

import os
import queue
import ssl
import threading
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

import httpcore

from moveworks.errors import ConfigurationError
from moveworks.forks import restart_after_fork
from moveworks.links import split_origin
from moveworks.transport.deadline import DeadlineBackend
from moveworks.transport.proxies import proxy_for

if TYPE_CHECKING:
    from moveworks.transport.options import TransportOptions

MAX_CONNECTIONS: Final = 50
"""Requests at one time; the others wait, and get their token after it."""
KEEPALIVE: Final = 5.0
"""Seconds that an idle connection is kept."""


class BaseConnections:
    """What both kinds share: pools by origin, made when they are needed."""

    def __init__(self, options: TransportOptions) -> None:
        self.options = options
        self.pools: dict[str, Any] = {}
        self.parts: dict[str, tuple[str, str, int]] = {}  # scheme, host and port of their origins
        self.alone: list[Any] = []  # connections of streams beside the pools
        self.closed = False
        self._lock = threading.Lock()
        self._given = self._adapter()
        self.slots: Any = self._slots()
        restart_after_fork(self)

    def _adapter(self) -> Any:
        raise NotImplementedError

    def _slots(self) -> Any:
        raise NotImplementedError

    def restart(self) -> None:
        """Drop all connections without closing them: they belong to the parent process."""
        self.pools, self._lock, self.slots = {}, threading.Lock(), self._slots()
        self.alone = []
        if self._given is not None:
            self._given.forked = True

    def pool(self, origin: str) -> Any:
        """What sends requests to an origin.

        Raises:
            ConfigurationError: if proxy, certificates or environment cannot be used.
        """
        with self._lock:
            found = self.pools.get(origin)
            if found is None:
                found = self._given or self._made(origin)
                self.parts[origin] = split_origin(origin)
                self.pools[origin] = found
            return found

    def opener(self, origin: str, *, stream: bool) -> tuple[Any, bool]:
        """What sends a request, and whether it is a connection for this request alone.

        Streams stay open for minutes, and httpcore's pool looks at each of its connections for each request: with a
        thousand of them that took the whole time. So a stream beside many others has a connection outside of the pool.
        """
        pool = self.pools.get(origin) or self.pool(origin)
        if not stream or pool is self._given or len(pool.connections) < MAX_CONNECTIONS:
            return pool, False
        scheme, host, port = self.parts[origin]
        connection = pool.create_connection(httpcore.Origin(scheme.encode(), host.encode(), port))
        with self._lock:
            self.alone = [*(each for each in self.alone if not each.is_closed()), connection]
        return connection, True

    def _made(self, origin: str) -> Any:
        proxy = proxy_for(origin, self.options.proxy)
        if proxy is not None and proxy.startswith("socks") and find_spec("socksio") is None:
            raise ConfigurationError(
                "a SOCKS proxy needs the package socksio", advice="Install it with pip install socksio"
            )
        secure = origin.startswith("https:") or (proxy or "").startswith("https:")
        try:
            context = _context(self.options.verify) if secure else None
            return self._pool(proxy, context)
        except (OSError, ValueError, TypeError, ImportError, RuntimeError) as error:
            kind = type(error).__name__
        # The error's own text is left out, since a proxy's URL may hold a password.
        raise ConfigurationError(
            f"no connection can be made with these settings ({kind})",
            advice="Check proxy and verify, and the variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, "
            "SSL_CERT_FILE and SSL_CERT_DIR",
        )

    def _pool(self, proxy: str | None, context: ssl.SSLContext | None) -> Any:
        raise NotImplementedError

    @staticmethod
    def proxy_settings(proxy: str) -> dict[str, Any]:
        """Arguments of httpcore's proxies."""
        parts = urlsplit(proxy)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        host = parts.netloc.rpartition("@")[2]
        auth = (user.encode(), password.encode()) if user or password else None
        return {"proxy_url": f"{parts.scheme}://{host}", "proxy_auth": auth}


class Connections(BaseConnections):
    """Blocking connections, safe to share between threads."""

    def _adapter(self) -> Any:
        if self.options.http_client is None:
            return None
        from moveworks.transport.given import GivenClient

        return GivenClient(self.options.http_client)

    def _slots(self) -> queue.SimpleQueue[None]:
        # Not a semaphore, whose count is wrong for ever after a signal handler has raised in its midst.
        slots: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(MAX_CONNECTIONS):
            slots.put(None)
        return slots

    def _pool(self, proxy: str | None, context: ssl.SSLContext | None) -> Any:
        settings: dict[str, Any] = {
            "ssl_context": context,
            "max_connections": None,  # the slots limit them, before a token is asked for
            "keepalive_expiry": KEEPALIVE,
            "network_backend": DeadlineBackend(),
        }
        if proxy is None:
            return httpcore.ConnectionPool(**settings)
        settings |= self.proxy_settings(proxy)
        if proxy.startswith("socks"):
            return httpcore.SOCKSProxy(**settings)
        return httpcore.HTTPProxy(**settings)

    def close(self) -> None:
        """Close all connections, unless the httpx client is the user's."""
        self.closed = True
        if self._given is None:
            for each in [*self.pools.values(), *self.alone]:
                each.close()


def _context(verify: bool | ssl.SSLContext) -> ssl.SSLContext:  # noqa: FBT001 - the option of a client
    """What to verify servers with; all clients share one, because reading the certificates takes long."""
    if isinstance(verify, ssl.SSLContext):
        return verify
    if not verify:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context
    return _default_context(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _default_context(file: str | None, folder: str | None) -> ssl.SSLContext:
    if file or folder:
        return ssl.create_default_context(cafile=file or None, capath=folder or None)
    return httpcore.default_ssl_context()
