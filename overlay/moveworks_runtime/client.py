"""The low-level client: it sends one request and reads one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from moveworks_runtime.answers import Answers, Response, build_response

if TYPE_CHECKING:
    import httpx

    from moveworks_runtime.requests import RequestParts

T = TypeVar("T")


class UnexpectedStatus(Exception):  # noqa: N818 - as clients of this generator call it
    """An answer with a status that the document does not declare, for a client that asks to be told.

    Its text holds nothing of the answer, which may be what people wrote; `content` does.
    """

    def __init__(self, status_code: int, content: bytes) -> None:
        self.status_code = status_code
        self.content = content
        super().__init__(f"the document declares no status {status_code} for this operation")


class Client:
    """Where requests go, and with which settings.

    Args:
        base_url: Server and base path, such as a value of `service.SERVERS`.
        token: Sent as `Authorization: Bearer …` with every request.
        raise_on_unexpected_status: Raise `UnexpectedStatus` for a status that the document does not declare.
        settings: Everything else that `httpx.Client` and `httpx.AsyncClient` take.
    """

    base_path: ClassVar[str] = ""
    """The path that the base URL and the paths of requests share."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        raise_on_unexpected_status: bool = False,
        **settings: Any,
    ) -> None:
        self.base_url = base_url
        self.raise_on_unexpected_status = raise_on_unexpected_status
        if token is not None:
            import httpx  # here, since those who use only the models and requests do not need it

            settings["headers"] = httpx.Headers(
                {**httpx.Headers(settings.get("headers")), "Authorization": f"Bearer {token}"}
            )
        self._settings = settings
        self._client: httpx.Client | None = None
        self._async_client: httpx.AsyncClient | None = None

    def __repr__(self) -> str:
        return f"Client({self.base_url!r})"

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Send with this client, whose own settings count."""
        self._client = client
        return self

    def set_async_httpx_client(self, client: httpx.AsyncClient) -> Self:
        """Send with this client, whose own settings count."""
        self._async_client = client
        return self

    def get_httpx_client(self) -> httpx.Client:
        """The client that sends, made on first use."""
        if self._client is None:
            import httpx

            self._client = httpx.Client(base_url=self.base_url, **self._settings)
        return self._client

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The client that sends in async code, made on first use."""
        if self._async_client is None:
            import httpx

            self._async_client = httpx.AsyncClient(base_url=self.base_url, **self._settings)
        return self._async_client

    def send(self, parts: RequestParts, answers: Answers[T]) -> Response[T]:
        """Send a request and read its answer."""
        client = self.get_httpx_client()
        return self._read(client.send(self._request(client, parts)), answers)

    async def send_async(self, parts: RequestParts, answers: Answers[T]) -> Response[T]:
        """As `send`, in async code."""
        client = self.get_async_httpx_client()
        return self._read(await client.send(self._request(client, parts)), answers)

    def _request(self, client: httpx.Client | httpx.AsyncClient, parts: RequestParts) -> httpx.Request:
        path = parts.path.removeprefix(self.base_path)
        return client.build_request(
            parts.method, path, params=parts.query or None, headers=parts.headers, content=parts.content
        )

    def _read(self, response: httpx.Response, answers: Answers[T]) -> Response[T]:
        if self.raise_on_unexpected_status and not answers.declares(response.status_code):
            raise UnexpectedStatus(response.status_code, response.content)
        return build_response(answers, response)

    def __enter__(self) -> Self:
        self.get_httpx_client().__enter__()
        return self

    def __exit__(self, *details: Any) -> None:  # noqa: PYI036 - handed on
        self.get_httpx_client().__exit__(*details)

    async def __aenter__(self) -> Self:
        await self.get_async_httpx_client().__aenter__()
        return self

    async def __aexit__(self, *details: Any) -> None:  # noqa: PYI036 - handed on
        await self.get_async_httpx_client().__aexit__(*details)
