"""What the assistant's generators ask for, and the two short loops that do it."""

from __future__ import annotations

import inspect
import time
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from moveworks.assistant.state import Update
from moveworks.errors import MoveworksError
from moveworks.transport.http import FAILURES, OpenBody

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from moveworks.transport import Request
    from moveworks.transport.aio import AsyncOpenBody, AsyncTransport
    from moveworks.transport.http import Transport

T = TypeVar("T")


class Send(NamedTuple):
    """Effect: send a request; what comes of it is a reply, or an error of ours.

    `opens` asks for an event stream, whose body the driver keeps; `seconds` is a limit for everything.
    """

    request: Request
    seconds: float
    opens: bool = False


class Read(NamedTuple):
    """Effect: read the next part of the open body; what comes of it is bytes, empty at the end, or an error."""

    seconds: float


class Close(NamedTuple):
    """Effect: close the open body, and its connection at once."""


class Pause(NamedTuple):
    """Effect: wait."""

    seconds: float


Effect = Send | Read | Close | Pause | Update
pause = time.sleep


class Driver:
    """Does what generators ask for, blocking. It holds at most one open body.

    Args:
        transport: What sends requests.
        on_bytes: Called with each part of a body as it came.
    """

    def __init__(self, transport: Transport, on_bytes: Callable[[bytes], object] | None = None) -> None:
        self._transport, self._on_bytes = transport, on_bytes
        self._body: OpenBody | None = None

    def perform(self, effect: Effect) -> Any:
        """Do one thing; what went wrong is given back, for the generator to decide."""
        if isinstance(effect, Read):
            assert self._body is not None
            try:
                part = self._body.read(effect.seconds)
            except FAILURES as error:
                return error
            if self._on_bytes is not None and part:
                self._on_bytes(part)
            return part
        if isinstance(effect, Send):
            try:
                reply = self._transport.send(effect.request, limit=effect.seconds)
            except MoveworksError as error:
                return error
            if effect.opens and reply.opened is not None:
                self._body = OpenBody(reply.opened)
            return reply
        if isinstance(effect, Pause):
            pause(effect.seconds)
        elif isinstance(effect, Close):
            self.close()
        return None

    def close(self) -> None:
        """Close the open body, if there is one."""
        body, self._body = self._body, None
        if body is not None:
            body.close()

    def run(self, steps: Generator[Effect, Any, T], on_update: Callable[[Update], object] | None = None) -> T:
        """Drive a generator to its end, and leave nothing open; its value."""
        try:
            return self.run_open(steps, on_update)
        finally:
            self.close()

    def run_open(self, steps: Generator[Effect, Any, T], on_update: Callable[[Update], object] | None = None) -> T:
        """Drive a generator to its end; its value. A body that it opened stays open."""
        result: Any = None
        try:
            while True:
                effect = steps.send(result)
                result = None
                if not isinstance(effect, Update):
                    result = self.perform(effect)
                elif on_update is not None:
                    on_update(effect)
        except StopIteration as finished:
            value: T = finished.value
            return value


class AsyncDriver:
    """As `Driver`, on asyncio."""

    def __init__(self, transport: AsyncTransport, on_bytes: Callable[[bytes], object] | None = None) -> None:
        self._transport, self._on_bytes = transport, on_bytes
        self._body: AsyncOpenBody | None = None

    async def perform(self, effect: Effect) -> Any:
        """As `Driver.perform`."""
        if isinstance(effect, Read):
            assert self._body is not None
            try:
                part = await self._body.read(effect.seconds)
            except FAILURES as error:
                return error
            if self._on_bytes is not None and part:
                self._on_bytes(part)
            return part
        if isinstance(effect, Send):
            try:
                reply = await self._transport.send(effect.request, limit=effect.seconds)
            except MoveworksError as error:
                return error
            if effect.opens and reply.opened is not None:
                from moveworks.transport.aio import AsyncOpenBody

                self._body = AsyncOpenBody(reply.opened)
            return reply
        if isinstance(effect, Pause):
            import asyncio

            await asyncio.sleep(effect.seconds)
        elif isinstance(effect, Close):
            await self.aclose()
        return None

    async def aclose(self) -> None:
        """Close the open body, if there is one."""
        body, self._body = self._body, None
        if body is not None:
            await body.aclose()

    async def run(
        self, steps: Generator[Effect, Any, T], on_update: Callable[[Update], Awaitable[object] | object] | None = None
    ) -> T:
        """As `Driver.run`; `on_update` may be async."""
        try:
            return await self.run_open(steps, on_update)
        finally:
            await self.aclose()

    async def run_open(
        self, steps: Generator[Effect, Any, T], on_update: Callable[[Update], Awaitable[object] | object] | None = None
    ) -> T:
        """As `Driver.run_open`."""
        result: Any = None
        try:
            while True:
                effect = steps.send(result)
                result = None
                if not isinstance(effect, Update):
                    result = await self.perform(effect)
                elif on_update is not None:
                    returned = on_update(effect)
                    if inspect.isawaitable(returned):
                        await returned
        except StopIteration as finished:
            value: T = finished.value
            return value
