"""A local server that behaves, and on request misbehaves, like both APIs (extra `sandbox`).

Everything is imported on first use: pytest imports this package, for its plugin, in every project.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from moveworks.sandbox.faults import KINDS, Fault
    from moveworks.sandbox.server import Sandbox

__all__ = ["KINDS", "Fault", "Sandbox"]

_HOMES: Final = {"KINDS": "faults", "Fault": "faults", "Sandbox": "server"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return list(__all__)
