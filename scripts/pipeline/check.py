"""What a built document must meet beyond being valid OpenAPI, so that the generator loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openapi_python_client.strings import PythonIdentifier
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from scripts.documents import DocumentError, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.documents import Document


def check(document: Document, *, servers: bool = True) -> None:
    """Validate a built document.

    Raises:
        DocumentError: with all problems found, a line each.
    """
    # The validator follows references and takes parameters as given, so those come first.
    problems = [*_references(document)] or [*_parameters(document)] or [*_invalid(document)] or _operations(document)
    if servers and not document.content.get("servers"):
        problems.append("#/servers: the document names no server")
    if problems:
        raise DocumentError(
            f"{document.name}: the built document cannot be used:\n" + "\n".join(f"  {line}" for line in problems)
        )


def _invalid(document: Document) -> list[str]:
    validator = (
        OpenAPIV30SpecValidator if str(document.content["openapi"]).startswith("3.0") else OpenAPIV31SpecValidator
    )
    content = _without_patterns(document.content)
    # The validator takes every member of `paths` for a path.
    content["paths"] = {path: item for path, item in content.get("paths", {}).items() if not path.startswith("x-")}
    found = validator(content).iter_errors()
    return [f"#/{'/'.join(map(escaped, map(str, e.absolute_path)))}: {e.message[:300]}" for e in found]


def _without_patterns(node: Any) -> Any:
    """A copy in which no default is matched against a pattern: one of a few characters can take for ever."""
    if isinstance(node, dict):
        return {
            key: _without_patterns(value)
            for key, value in node.items()
            if not (key == "pattern" and isinstance(value, str)) and key != "patternProperties"
        }
    return [_without_patterns(each) for each in node] if isinstance(node, list) else node


def _parameters(document: Document) -> Iterator[str]:
    for path, method, operation in document.operations():
        for parameter in [*document.content["paths"][path].get("parameters", ()), *operation.get("parameters", ())]:
            given = document.resolve(parameter)
            if missing := [key for key in ("name", "in") if not isinstance(given.get(key), str)]:
                yield f"{method.upper()} {path}: a parameter has no {' and no '.join(missing)}"


def _operations(document: Document) -> list[str]:
    problems: list[str] = []
    identities: dict[str, list[str]] = {}
    for path, method, operation in document.operations():
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


def _references(document: Document) -> list[str]:
    found: list[str] = []

    def walk(node: Any, place: str) -> None:
        if isinstance(node, dict) and isinstance(node.get("$ref"), str):
            try:
                document.resolve(node)
            except DocumentError as error:
                found.append(f"{place}: {error}")
        for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
            walk(value, f"{place}/{escaped(str(key))}")

    walk(document.content, "#")
    return found
