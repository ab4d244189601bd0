"""What a built document must meet beyond being valid OpenAPI, so that the generator loses nothing."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from scripts.documents import DocumentError
from scripts.normalise import operations, resolve


def check(document: dict[str, Any], name: str) -> None:
    """Validate a built document.

    Raises:
        DocumentError: with all problems found, a line each.
    """
    problems = _invalid(document) or [*_operations(document), *_references(document)]
    if problems:
        raise DocumentError(
            f"{name}: the built document cannot be used:\n" + "\n".join(f"  {line}" for line in problems)
        )


def _invalid(document: dict[str, Any]) -> list[str]:
    validator = OpenAPIV30SpecValidator if str(document["openapi"]).startswith("3.0") else OpenAPIV31SpecValidator
    return [f"/{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in validator(document).iter_errors()]


def _operations(document: dict[str, Any]) -> list[str]:
    problems: list[str] = []
    identities: Counter[str] = Counter()
    for path, method, operation in operations(document):
        place = f"{method.upper()} {path}"
        identity = operation.get("operationId")
        if not identity:
            problems.append(f"{place}: no operationId")
        else:
            # The generator turns ids into module names; two that differ in punctuation overwrite each other.
            identities[re.sub(r"[^a-z0-9]+", "_", identity.lower())] += 1
        if len(operation.get("tags", [])) != 1:
            problems.append(f"{place}: needs exactly one tag, has {operation.get('tags')}")
        if not operation.get("responses"):
            problems.append(f"{place}: declares no response")
    return problems + [f"operationId {name}: used {count} times" for name, count in identities.items() if count > 1]


def _references(node: Any, document: dict[str, Any] | None = None) -> list[str]:
    document = node if document is None else document
    problems: list[str] = []
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        try:
            resolve(document, node)
        except DocumentError as error:
            problems.append(str(error))
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        problems.extend(_references(value, document))
    return problems
