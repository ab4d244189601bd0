"""A response as it is written: `with mw.assistant.responses.stream(…) as stream: for update in stream: …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from moveworks.assistant.effects import AsyncDriver, Driver
from moveworks.assistant.exchange import Patience, ResponseExchange
from moveworks.assistant.state import Update
from moveworks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

    from moveworks.assistant.ask import Answer, AsyncAnswer
    from moveworks.assistant.calls import Caller
    from moveworks.assistant.effects import Effect
    from moveworks.transport.aio import AsyncTransport
    from moveworks.transport.http import Transport
    from moveworks_beta.models import Citation

REWRITTEN = "\n\n[rewritten]\n\n"
"""Put before a text that is not the continuation of what was written already."""


class _Stream:
    """What both kinds of stream show."""

    def __init__(self, caller: Caller, conversation_id: str, text: str, patience: Patience) -> None:
        self._exchange, self._patience = ResponseExchange(caller, conversation_id, text, patience), patience
        self._steps: Generator[Effect, Any, None] | None = None
        self._done = False

    @property
    def text(self) -> str:
        """The whole text so far."""
        return self._exchange.state.text

    @property
    def citations(self) -> list[Citation]:
        """The sources so far."""
        return self._exchange.citations

    @property
    def reasoning(self) -> list[str]:
        """What the assistant says of its way to the answer, one text a step."""
        return self._exchange.reasoning

    @property
    def conversation_id(self) -> str:
        """Id of the conversation."""
        return self._exchange.conversation_id

    @property
    def response_id(self) -> str | None:
        """Id of the response; None until the service has told it."""
        return self._exchange.state.response_id

    @property
    def request_id(self) -> str | None:
        """The trace id."""
        return self._exchange.request_id

    @property
    def recovered(self) -> bool:
        """Whether the stream did not end well, and the response was asked for."""
        return self._exchange.recovered

    def _answer(self) -> Generator[Effect, Any, dict[str, Any]]:
        from moveworks.assistant.ask import answer_steps
        from moveworks_beta.models import Conversation

        exchange = self._exchange
        place = Conversation.from_dict({"conversation_id": exchange.conversation_id})
        return answer_steps(exchange.caller, exchange, place, self._patience)

    def _begun(self) -> Generator[Effect, Any, None]:
        if self._steps is None:
            raise ConfigurationError("the stream is not open", advice="Use it in its with block")
        return self._steps

    def __repr__(self) -> str:
        state = "at its end" if self._done else "open" if self._steps else "not begun"
        return f"<{type(self).__name__} {state}, {len(self.text)} characters>"


class ResponseStream(_Stream):
    """A response that is written while you read it. Leaving the block closes its connection at once.

    The iteration ends with the response, not with the connection. When the stream ends early, is cut or goes silent,
    the response is asked for until it is finished.
    """

    def __init__(self, caller: Caller, conversation_id: str, text: str, patience: Patience) -> None:
        super().__init__(caller, conversation_id, text, patience)
        transport: Transport = caller.transport  # type: ignore[assignment]  # a blocking facade made this
        self._driver = Driver(transport)

    def __enter__(self) -> Self:
        if self._steps is not None:
            raise ConfigurationError("a stream is opened once", advice="Ask again for another one")
        self._driver.run_open(self._exchange.open())
        self._steps = self._exchange.read()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection. May be called again."""
        self._driver.close()

    def __iter__(self) -> Iterator[Update]:
        steps, result = self._begun(), None
        while not self._done:
            try:
                effect = steps.send(result)
            except StopIteration:
                self._done = True
                return
            result = None
            if isinstance(effect, Update):
                yield effect
            else:
                result = self._driver.perform(effect)

    def until_done(self) -> Self:
        """Read to the end."""
        for _ in self:
            pass
        return self

    def answer(self) -> Answer:
        """Read to the end, and give the whole as `ask` does."""
        from moveworks.assistant.ask import Answer

        self.until_done()
        return Answer(**self._driver.run(self._answer()))

    def text_deltas(self) -> Iterator[str]:
        """What is added to the text, for places that can only append; a mark where it was written anew."""
        written = ""
        for update in self:
            yield from _delta(written, update.text)
            written = update.text


class AsyncResponseStream(_Stream):
    """As `ResponseStream`, with `async with` and `async for`."""

    def __init__(self, caller: Caller, conversation_id: str, text: str, patience: Patience) -> None:
        super().__init__(caller, conversation_id, text, patience)
        transport: AsyncTransport = caller.transport  # type: ignore[assignment]  # an async facade made this
        self._driver = AsyncDriver(transport)

    async def __aenter__(self) -> Self:
        if self._steps is not None:
            raise ConfigurationError("a stream is opened once", advice="Ask again for another one")
        await self._driver.run_open(self._exchange.open())
        self._steps = self._exchange.read()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection. May be called again."""
        await self._driver.aclose()

    async def __aiter__(self) -> AsyncIterator[Update]:
        steps, result = self._begun(), None
        while not self._done:
            try:
                effect = steps.send(result)
            except StopIteration:
                self._done = True
                return
            result = None
            if isinstance(effect, Update):
                yield effect
            else:
                result = await self._driver.perform(effect)

    async def until_done(self) -> Self:
        """Read to the end."""
        async for _ in self:
            pass
        return self

    async def answer(self) -> AsyncAnswer:
        """As `ResponseStream.answer`."""
        from moveworks.assistant.ask import AsyncAnswer

        await self.until_done()
        return AsyncAnswer(**await self._driver.run(self._answer()))

    async def text_deltas(self) -> AsyncIterator[str]:
        """As `ResponseStream.text_deltas`."""
        written = ""
        async for update in self:
            for delta in _delta(written, update.text):
                yield delta
            written = update.text


def _delta(written: str, text: str) -> list[str]:
    if text == written:
        return []
    return [text[len(written) :]] if text.startswith(written) else [REWRITTEN + text]
