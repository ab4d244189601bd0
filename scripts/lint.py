"""What a built document must meet beyond being valid OpenAPI, so that the generator loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openapi_python_client.strings import PythonIdentifier
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from scripts.documents import DocumentError
from scripts.openapi import operations, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(document: dict[str, Any], name: str) -> None:
    """Validate a built document.

    Raises:
        DocumentError: with all problems found, a line each.
    """
    # The validator follows references and takes parameters as given, so those come first.
    problems = [*_references(document)] or [*_parameters(document)] or [*_invalid(document)] or _operations(document)
    if problems:
        raise DocumentError(
            f"{name}: the built document cannot be used:\n" + "\n".join(f"  {line}" for line in problems)
        )


def _invalid(document: dict[str, Any]) -> list[str]:
    validator = OpenAPIV30SpecValidator if str(document["openapi"]).startswith("3.0") else OpenAPIV31SpecValidator
    return [f"/{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in validator(document).iter_errors()]


def _parameters(document: dict[str, Any]) -> Iterator[str]:
    for path, method, operation in operations(document):
        for parameter in [*document["paths"][path].get("parameters", ()), *operation.get("parameters", ())]:
            given = resolve(document, parameter)
            if missing := [key for key in ("name", "in") if not isinstance(given.get(key), str)]:
                yield f"{method.upper()} {path}: a parameter has no {' and no '.join(missing)}"


def _operations(document: dict[str, Any]) -> list[str]:
    problems: list[str] = []
    identities: dict[str, list[str]] = {}
    for path, method, operation in operations(document):
        place = f"{method.upper()} {path}"
        identity = operation.get("operationId")
        if not identity:
            problems.append(f"{place}: no operationId")
        else:
            # The generator turns ids into module names; two of one name overwrite each other.
            identities.setdefault(PythonIdentifier(identity, "field_"), []).append(place)
        if len(operation.get("tags", [])) != 1:
            problems.append(f"{place}: needs exactly one tag, has {operation.get('tags')}")
        if not operation.get("responses"):
            problems.append(f"{place}: declares no response")
    return problems + [
        f"operationId {name}: used by {' and '.join(places)}" for name, places in identities.items() if len(places) > 1
    ]


def _references(document: dict[str, Any]) -> list[str]:
    found: list[str] = []

    def walk(node: Any, place: str) -> None:
        if isinstance(node, dict) and isinstance(node.get("$ref"), str):
            try:
                resolve(document, node)
            except DocumentError as error:
                found.append(f"{place}: {error}")
        for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
            walk(value, f"{place}/{str(key).replace('~', '~0').replace('/', '~1')}")

    walk(document, "#")
    return found
