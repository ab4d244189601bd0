"""An attribute that is made on first use, and whose class is known before that."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from moveworks.forks import restart_after_fork

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class _Making:
    """Lets one thread at a time make a value; another one may hold the lock while this process is forked."""

    def __init__(self) -> None:
        self.restart()
        restart_after_fork(self)

    def restart(self) -> None:
        """Begin anew in a child process."""
        self.lock = threading.RLock()


_MAKING = _Making()


class Part(Generic[T]):
    """Makes the value on first access and keeps it, so that `a.part is a.part` and patches of it hold.

    On the owner's class it gives the value's class, which is what `unittest.mock.create_autospec` looks at.

    Args:
        kind: The class of the value.
        make: Makes it out of the object that it is a part of.
        doc: What it is.
    """

    def __init__(self, kind: type[T], make: Callable[[Any], T], doc: str) -> None:
        self._kind, self._make = kind, make
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> type[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object, owner: type) -> T | type[T]:
        if instance is None:
            return self._kind
        with _MAKING.lock:
            kept = vars(instance)
            if self._name not in kept:
                kept[self._name] = self._make(instance)
            value: T = kept[self._name]
            return value
