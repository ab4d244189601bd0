"""What a built document must meet beyond being valid OpenAPI, so that the generator loses nothing."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from openapi_python_client.strings import PythonIdentifier
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from scripts.documents import DocumentError, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.documents import Document

MAX_PROBLEMS: Final = 50
MAX_PARAMETERS: Final = 300


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
    """What the schema of OpenAPI itself says.

    The validator's own look into schemas follows every reference again and again, and matches every default against
    its pattern: a few kilobytes can keep it busy for ever. The gate tries out what matters of that.
    """
    kind = OpenAPIV30SpecValidator if str(document.content["openapi"]).startswith("3.0") else OpenAPIV31SpecValidator
    # It takes every member of `paths` for a path.
    paths = {path: item for path, item in document.content.get("paths", {}).items() if not path.startswith("x-")}
    found = islice(kind.schema_validator.iter_errors({**document.content, "paths": paths}), MAX_PROBLEMS)
    return [f"#/{'/'.join(map(escaped, map(str, e.absolute_path)))}: {e.message[:300]}" for e in found]


def _parameters(document: Document) -> Iterator[str]:
    for path, method, operation in document.operations():
        place = f"{method.upper()} {path}"
        listed = [*document.content["paths"][path].get("parameters", ()), *operation.get("parameters", ())]
        given = [document.resolve(parameter) for parameter in listed]
        for each in given:
            if missing := [key for key in ("name", "in") if not isinstance(each.get(key), str)]:
                yield f"{place}: a parameter has no {' and no '.join(missing)}"
        if len(given) > MAX_PARAMETERS:
            yield f"{place}: it has {len(given)} parameters; at most {MAX_PARAMETERS} are read"
        named = set(re.findall(r"\{([^{}]*)\}", path))
        if odd := named ^ {each.get("name") for each in given if each.get("in") == "path"}:
            yield f"{place}: {', '.join(map(str, odd))} must stand in the path and be declared as a path parameter"


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
