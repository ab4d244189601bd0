"""Control over HTTP, for programs in other languages: faults, the clock, and what was asked."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

import msgspec

from moveworks.errors import ConfigurationError
from moveworks.sandbox.answers import failed, json_bytes, sent
from moveworks.sandbox.faults import Fault

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from moveworks.sandbox.service import Service

PARTS: Final = frozenset({"seconds", "hours", "days"})
"""What the clock can be advanced by."""
KNOWN: Final = "known are faults (POST, DELETE), clock (GET, POST), requests and violations (GET)"


class Control:
    """Answers to requests under `/_sandbox/`; only this machine may send them."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def answer(self, request: Request) -> Response:
        """Do what is asked, or say what is wrong with it."""
        peer = request.client.host if request.client else ""
        if not peer or not ip_address(peer).is_loopback:
            return failed(403, "FORBIDDEN", "only this machine may control the sandbox")
        try:
            match request.method, request.path_params["what"]:
                case "POST", "faults":
                    return _json(self._add_fault(_decoded(await request.body())))
                case "DELETE", "faults":
                    self._service.clear_faults()
                    return _json({"cleared": True})
                case "POST", "clock":
                    self._advance(_decoded(await request.body()))
                    return _json(self._time())
                case "GET", "clock":
                    return _json(self._time())
                case "GET", "requests":
                    return _json(self._service.requests)
                case "GET", "violations":
                    return _json(self._service.violations)
        except (TypeError, ValueError, OverflowError, ConfigurationError) as error:
            return failed(400, "BAD_REQUEST", str(error))
        return failed(404, "NOT_FOUND", KNOWN)

    def _add_fault(self, given: Any) -> dict[str, Any]:
        rule = Fault(**given) if isinstance(given, dict) else Fault.parse(str(given))
        self._service.add_fault(rule)
        return {"added": rule.kind}

    def _advance(self, given: Any) -> None:
        if not isinstance(given, dict) or not given or not PARTS.issuperset(given):
            raise ValueError(f'a JSON object of {", ".join(sorted(PARTS))} is needed, such as {{"days": 1}}')
        for name, value in given.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise TypeError(f"{name} is a number, not {value!r}")
        self._service.advance(**given)

    def _time(self) -> dict[str, str]:
        return {"now": self._service.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")}


def _json(content: Any) -> Response:
    return sent(json_bytes(content), "application/json")


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise ValueError(f"not valid JSON: {error}") from None
