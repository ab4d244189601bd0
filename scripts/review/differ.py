"""The spec differ: two OpenAPI documents in, one finding per cause out.

A changed component is compared once for each way that it is reached, and reported once: its finding lists every operation
it reaches, and in which direction. A request may widen and a response may narrow; the other way round breaks.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from scripts.review.findings import Finding
from scripts.review.schemas import (
    KEYED_RESTRICTIONS,
    LOWER,
    RESTRICTIONS,
    UPPER,
    View,
    canonical,
    is_null,
    pairs,
    view,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
NARROW, WIDEN, BOTH, NEITHER = "narrow", "widen", "both", "neither"
NOTEWORTHY: Final = re.compile(
    r"\b(limit|maximum|minimum|at most|up to|deprecat|retention|retain|days?|hours?|sunset|removed|no longer|rate|\d{4}-\d\d)",
    re.IGNORECASE,
)
# What a Python user of the generated models and of the facade meets, by kind of change and direction.
PYTHON_SEVERITY: Final[dict[str, tuple[str, str]]] = {
    # kind: (in a request, in a response)
    "type-changed": ("breaking-runtime", "breaking-runtime"),
    "property-removed": ("breaking-runtime", "breaking-runtime"),
    "property-renamed": ("breaking-runtime", "breaking-runtime"),
    "new-required-property": ("breaking-runtime", "additive"),
    "new-optional-property": ("additive", "additive"),
    "became-required": ("breaking-runtime", "additive"),
    "became-optional": ("additive", "breaking-typing"),
    "became-nullable": ("additive", "breaking-typing"),
    "became-not-nullable": ("breaking-typing", "additive"),
    "enum-value-removed": ("breaking-typing", "additive"),
    # Enums are open: a value that nobody knew reaches the user as it is.
    "enum-value-added": ("additive", "additive"),
    "became-enum": ("breaking-typing", "additive"),
    "enum-removed": ("additive", "additive"),
    "one-of-added": ("additive", "breaking-typing"),
    "any-of-added": ("additive", "breaking-typing"),
    "one-of-removed": ("breaking-typing", "additive"),
    "any-of-removed": ("breaking-typing", "additive"),
    "wrapped-in-one-of": ("additive", "breaking-typing"),
    "wrapped-in-any-of": ("additive", "breaking-typing"),
    "unwrapped-from-one-of": ("breaking-typing", "breaking-typing"),
    "unwrapped-from-any-of": ("breaking-typing", "breaking-typing"),
    "default-value-changed": ("behavioural", "additive"),
    "const-changed": ("breaking-typing", "breaking-typing"),
    "discriminator-changed": ("behavioural", "breaking-runtime"),
}
# Where oasdiff's level is not what narrowing and widening give: (request, response).
WIRE_LEVEL: Final[dict[str, tuple[str, str]]] = {
    "enum-value-added": ("info", "warning"),
    "enum-removed": ("info", "warning"),
    "x-extensible-enum-value-added": ("info", "warning"),
    "pattern-removed": ("info", "info"),
    "pattern-changed": ("error", "info"),
    "additional-properties-added": ("info", "info"),
    "new-optional-property": ("info", "info"),
    "default-value-changed": ("info", "info"),
}


class Differ:
    """Compares two documents.

    Args:
        base: The old document.
        head: The new one.
        today: For sunset dates; by default today.
    """

    def __init__(self, base: dict[str, Any], head: dict[str, Any], *, today: date | None = None) -> None:
        self._base, self._head = base, head
        self._today = today or datetime.now(UTC).date()
        self._found: dict[str, Finding] = {}
        self._seen: set[tuple[str, str]] = set()
        self._operation = ""
        self._direction = 0
        self._equal = _equal_components(base, head)
        self._renamed: set[str] = set()

    def findings(self) -> list[Finding]:
        """All findings, in the order in which they were found."""
        self._servers()
        for section, prefix in (("paths", ""), ("webhooks", "webhook ")):
            self._paths(self._base.get(section) or {}, self._head.get(section) or {}, section, prefix)
        self._components()
        return list(self._found.values())

    # the document

    def _servers(self) -> None:
        old, new = ([s.get("url", "") for s in d.get("servers") or []] for d in (self._base, self._head))
        paths = [sorted({re.sub(r"^https?://[^/]+", "", url).rstrip("/") for url in urls}) for urls in (old, new)]
        if paths[0] != paths[1] and old and new:
            self._note(
                "api-base-path-changed",
                "#/servers",
                "#/servers",
                paths[0],
                paths[1],
                f"the base path changed from {', '.join(paths[0]) or '/'} to {', '.join(paths[1]) or '/'}",
                wire="warning",
                python="behavioural",
            )
            return
        gone, come = ([url for url in one if url not in other] for one, other in ((old, new), (new, old)))
        for urls, verb, wire, python in (
            (gone, "removed", "warning", "behavioural"),
            (come, "added", "info", "additive"),
        ):
            if urls:
                message = f"{len(urls)} server{'s were' if len(urls) > 1 else ' was'} {verb}: {', '.join(urls)}"
                places = ("#/servers", None) if verb == "removed" else (None, "#/servers")
                values = (urls, None) if verb == "removed" else (None, urls)
                self._note(f"api-server-{verb}", *places, *values, message, wire, python)

    def _components(self) -> None:
        old, new = ((d.get("components") or {}).get("schemas") or {} for d in (self._base, self._head))
        gone = [name for name in old if name not in new and name not in self._renamed]
        come = {canonical(new[name]): name for name in new if name not in old}
        for name in gone:
            other = come.get(canonical(old[name]))
            if other is not None:
                self._component_renamed(name, other)
        for kind in ("securitySchemes",):
            was, now = ((d.get("components") or {}).get(kind) or {} for d in (self._base, self._head))
            for name in was:
                if name not in now:
                    place = f"#/components/{kind}/{_escaped(name)}"
                    message = f"the security scheme {name} was removed"
                    self._note(
                        "api-security-component-removed", place, None, name, None, message, "info", "behavioural"
                    )

    def _component_renamed(self, name: str, other: str) -> None:
        if name in self._renamed:
            return
        self._renamed.add(name)
        self._note(
            "api-schema-renamed",
            f"#/components/schemas/{_escaped(name)}",
            f"#/components/schemas/{_escaped(other)}",
            name,
            other,
            f"the component {name} is now called {other}",
            wire="info",
            python="breaking-runtime",
        )

    def _paths(self, old: dict[str, Any], new: dict[str, Any], section: str, prefix: str) -> None:
        matched, gone, come = _matched_paths(old, new)
        operations_gone: list[tuple[str, str, Any]] = []
        operations_come: list[tuple[str, str, Any]] = []
        for before, after in matched:
            item, other = self._resolved(self._base, old[before]), self._resolved(self._head, new[after])
            for method in METHODS:
                if method in item and method in other:
                    self._operation_pair(section, prefix, (before, item), (after, other), method)
                elif method in item:
                    operations_gone.append((before, method, item))
                elif method in other:
                    operations_come.append((after, method, other))
        for paths, document, into in ((gone, self._base, operations_gone), (come, self._head, operations_come)):
            source = old if document is self._base else new
            for path in paths:
                item = self._resolved(document, source[path])
                into.extend((path, method, item) for method in METHODS if method in item)
        self._moved(section, prefix, operations_gone, operations_come)
        for path, method, item in operations_gone:
            self._operation_removed(section, prefix, path, method, item)
        for path, method, _item in operations_come:
            place = f"#/{section}/{_escaped(path)}/{method}"
            self._operation = f"{prefix}{method.upper()} {path}"
            rule = "webhook-added" if prefix else "endpoint-added"
            self._note(rule, None, place, None, self._operation, f"{self._operation} was added", "info", "additive")

    def _moved(self, section: str, prefix: str, gone: list[Any], come: list[Any]) -> None:
        """Operations that have another path now: the same operationId, or the same content."""
        moves: list[tuple[tuple[str, str, Any], tuple[str, str, Any]]] = []
        for before in [*gone]:
            path, method, item = before
            name = item[method].get("operationId")
            for after in come:
                same = after[1] == method and (
                    (name and after[2][method].get("operationId") == name)
                    or (not name and canonical(after[2][method]) == canonical(item[method]))
                )
                if same:
                    moves.append((before, after))
                    gone.remove(before)
                    come.remove(after)
                    break
        shifts = {_shift(before[0], after[0]) for before, after in moves}
        if len(moves) > 1 and len(shifts) == 1:
            was, now = shifts.pop()
            message = f"{len(moves)} operations moved from {was or '/'} to {now or '/'}"
            place = f"#/{section}"
            self._operation = ""
            self._note("api-path-prefix-changed", place, place, was, now, message, "error", "behavioural")
            for _, after in moves:
                self._found_last().reaches.append(f"{prefix}{after[1].upper()} {after[0]}")
        else:
            for before, after in moves:
                self._operation = f"{prefix}{after[1].upper()} {after[0]}"
                places = [f"#/{section}/{_escaped(each[0])}/{each[1]}" for each in (before, after)]
                message = f"{before[1].upper()} {before[0]} moved to {after[0]}"
                self._note("api-path-moved", *places, before[0], after[0], message, "error", "behavioural")
        for before, after in moves:
            self._operation_pair(section, prefix, (before[0], before[2]), (after[0], after[2]), before[1])

    def _found_last(self) -> Finding:
        return next(reversed(self._found.values()))

    # operations

    def _operation_removed(self, section: str, prefix: str, path: str, method: str, item: dict[str, Any]) -> None:
        operation = item[method]
        place = f"#/{section}/{_escaped(path)}/{method}"
        self._operation = f"{prefix}{method.upper()} {path}"
        if prefix:
            rule, level = "webhook-removed", "error"
        elif operation.get("deprecated") is not True:
            rule, level = "api-path-removed-without-deprecation", "error"
        else:
            sunset = _sunset(operation)
            if sunset is None:
                bad = operation.get("x-sunset") is not None
                rule, level = (
                    ("api-path-sunset-parse", "error") if bad else ("api-path-removed-with-deprecation", "info")
                )
            elif sunset > self._today:
                rule, level = "api-path-removed-before-sunset", "error"
            else:
                rule, level = "api-path-removed-with-deprecation", "info"
        message = f"{self._operation} was removed"
        self._note(rule, place, None, self._operation, None, message, level, "breaking-runtime")

    def _operation_pair(
        self, section: str, prefix: str, old: tuple[str, dict[str, Any]], new: tuple[str, dict[str, Any]], method: str
    ) -> None:
        base, head = (f"#/{section}/{_escaped(each[0])}" for each in (old, new))
        before, after = old[1][method], new[1][method]
        base_op, head_op = f"{base}/{method}", f"{head}/{method}"
        self._operation, self._seen = f"{prefix}{method.upper()} {new[0]}", set()
        self._names(before, after, base_op, head_op)
        self._deprecation(before, after, base_op, head_op, "api-path", "the operation")
        self._security(before, after, base_op, head_op)
        self._direction = 0
        self._parameters((old[1], before, base), (new[1], after, head), method)
        self._body(before, after, base_op, head_op)
        self._responses(before, after, base_op, head_op)
        self._description(before, after, base_op, head_op)

    def _names(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str) -> None:
        was, now = before.get("operationId"), after.get("operationId")
        if was and was != now:
            message = f"operationId {was} is now {now or 'missing'}"
            places = (f"{base}/operationId", f"{head}/operationId")
            self._note("api-operation-id-removed", *places, was, now, message, "info", "breaking-runtime")
        old, new = (_tags(each) for each in (before, after))
        if old[:1] != new[:1]:
            message = f"the tag, and with it the generated module, changed from {old[:1]} to {new[:1]}"
            self._note("api-tag-removed", f"{base}/tags", f"{head}/tags", old, new, message, "info", "breaking-runtime")

    def _deprecation(
        self, before: dict[str, Any], after: dict[str, Any], base: str, head: str, rule: str, what: str
    ) -> None:
        was, now = before.get("deprecated") is True, after.get("deprecated") is True
        dates = [str(each["x-sunset"]) if each.get("x-sunset") is not None else None for each in (before, after)]
        unreadable = [d for d, each in zip(dates, (before, after), strict=True) if d and _sunset(each) is None]
        if now and dates[0] != dates[1] and unreadable:
            message = f"the sunset date {unreadable[-1]} of {what} is no date"
            self._note(f"{rule}-sunset-parse", base, head, *dates, message, "error", "behavioural")
        if was and now and before.get("x-sunset") is not None and after.get("x-sunset") is None:
            message = f"the sunset date of {what} was deleted"
            self._note("sunset-deleted", base, head, str(before["x-sunset"]), None, message, "error", "behavioural")
        if was != now:
            name = f"{rule.replace('api-path', 'endpoint')}-{'deprecated' if now else 'reactivated'}"
            message = f"{what} is {'now' if now else 'no longer'} deprecated"
            self._note(name, base, head, was, now, message, "info", "behavioural" if now else "additive")

    def _security(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str) -> None:
        old = before.get("security", self._base.get("security")) or []
        new = after.get("security", self._head.get("security")) or []
        if canonical(old) == canonical(new):
            return
        if new and (not old or {} in old) and {} not in new:
            rule, level, message = "api-security-added", "warning", "a credential is needed now"
        elif not new:
            rule, level, message = "api-security-removed", "info", "no credential is needed any more"
        else:
            rule, level, message = "api-security-changed", "warning", "another credential or scope is needed"
        self._note(rule, f"{base}/security", f"{head}/security", old, new, message, level, "behavioural")

    # requests

    def _parameters(
        self,
        old: tuple[dict[str, Any], dict[str, Any], str],
        new: tuple[dict[str, Any], dict[str, Any], str],
        method: str,
    ) -> None:
        before = self._parameter_table(self._base, *old, method)
        after = self._parameter_table(self._head, *new, method)
        renamed = _renamed_path_parameters(old[2], new[2])
        for was, now in renamed.items():
            if ("path", was) in before and ("path", now) in after:
                place, parameter = before.pop(("path", was))
                before["path", now] = (place, parameter)
        gone = [key for key in before if key not in after]
        come = [key for key in after if key not in before]
        for key in [*gone]:
            place, parameter = before[key]
            twin = next((k for k in come if k[1] == key[1]), None)
            rule = "request-parameter-location-changed"
            message = f"the parameter {key[1]} moved from {key[0]} to {twin[0] if twin else ''}"
            if twin is None:
                rest = _without_name(parameter)
                twin = next((k for k in come if k[0] == key[0] and _without_name(after[k][1]) == rest), None)
                rule = "request-parameter-renamed"
                message = f"the {key[0]} parameter {key[1]} is now called {twin[1] if twin else ''}"
            if twin is not None and (parameter.get("description") or rule.endswith("location-changed")):
                gone.remove(key)
                come.remove(twin)
                self._note(rule, place, after[twin][0], list(key), list(twin), message, "error", "breaking-runtime")
        for key in gone:
            self._parameter_removed(key, *before[key])
        for key in come:
            place, parameter = after[key]
            required = parameter.get("required") is True
            kind = "new-required-request-parameter" if required else "new-optional-request-parameter"
            message = f"the {'required' if required else 'optional'} {key[0]} parameter {key[1]} was added"
            levels = ("error", "breaking-runtime") if required else ("info", "additive")
            self._note(kind, None, place, None, key[1], message, *levels)
        for key, (place, parameter) in before.items():
            if key in after:
                self._parameter_pair(key, place, parameter, *after[key])

    def _parameter_removed(self, key: tuple[str, str], place: str, parameter: dict[str, Any]) -> None:
        rule, level = "request-parameter-removed", "warning"
        if parameter.get("deprecated") is True:
            sunset = _sunset(parameter)
            if parameter.get("x-sunset") is not None and sunset is None:
                rule, level = "request-parameter-sunset-parse", "error"
            elif sunset is not None and sunset > self._today:
                rule, level = "request-parameter-removed-before-sunset", "error"
            else:
                rule, level = "request-parameter-removed-with-deprecation", "info"
        message = f"the {key[0]} parameter {key[1]} was removed"
        self._note(rule, place, None, key[1], None, message, level, "breaking-runtime")

    def _parameter_table(
        self, document: dict[str, Any], item: dict[str, Any], operation: dict[str, Any], path: str, method: str
    ) -> dict[tuple[str, str], tuple[str, dict[str, Any]]]:
        table: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
        for owner, place in ((item, f"{path}/parameters"), (operation, f"{path}/{method}/parameters")):
            for index, parameter in enumerate(owner.get("parameters") or []):
                at, found = self._target(document, f"{place}/{index}", parameter)
                if isinstance(found, dict):
                    key = (str(found.get("in")), str(found.get("name")))
                    table[key if key[0] != "header" else (key[0], key[1].lower())] = (at, found)
        return table

    def _parameter_pair(
        self, key: tuple[str, str], base: str, before: dict[str, Any], head: str, after: dict[str, Any]
    ) -> None:
        what = f"the {key[0]} parameter {key[1]}"
        if (base, head) in self._seen:
            return
        self._seen.add((base, head))
        was, now = before.get("required") is True, after.get("required") is True
        if was != now:
            rule = f"request-parameter-became-{'required' if now else 'optional'}"
            levels = ("error", "breaking-runtime") if now else ("info", "additive")
            message = f"{what} became {'required' if now else 'optional'}"
            self._note(rule, base, head, was, now, message, *levels)
        self._deprecation(before, after, base, head, "request-parameter", what)
        for name in ("style", "explode", "allowReserved"):
            old, new = (_serialisation(each, key[0], name) for each in (before, after))
            if old != new:
                rule = f"request-parameter-{name.lower()}-changed"
                message = f"{name} of {what} changed from {old} to {new}"
                self._note(rule, f"{base}/{name}", f"{head}/{name}", old, new, message, "error", "behavioural")
        self._schemas(before, after, base, head, "request-parameter", what)
        self._description(before, after, base, head)

    def _schemas(self, before: Any, after: Any, base: str, head: str, where: str, what: str) -> None:
        """Schemas of a parameter or header, below `schema` or the only media type of `content`."""
        old, new = (_schema_of(each) for each in (before, after))
        if old is None and new is None:
            return
        old_place, old_schema = old or ("/schema", {})
        new_place, new_schema = new or ("/schema", {})
        self._schema(old_schema, new_schema, base + old_place, head + new_place, where, what)

    def _body(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str) -> None:
        old, new = before.get("requestBody"), after.get("requestBody")
        base_at, old = self._target(self._base, f"{base}/requestBody", old)
        head_at, new = self._target(self._head, f"{head}/requestBody", new)
        if old is None and new is None:
            return
        if old is None:
            required = new.get("required") is True
            rule = f"request-body-added-{'required' if required else 'optional'}"
            levels = ("error", "breaking-runtime") if required else ("info", "additive")
            message = f"a {'required' if required else 'optional'} request body was added"
            self._note(rule, None, head_at, None, required, message, *levels)
            return
        if new is None:
            message = "the request body was removed"
            self._note("request-body-removed", base_at, None, True, None, message, "error", "breaking-runtime")
            return
        was, now = old.get("required") is True, new.get("required") is True
        if was != now:
            rule = f"request-body-became-{'required' if now else 'optional'}"
            levels = ("error", "breaking-runtime") if now else ("info", "additive")
            message = f"the request body became {'required' if now else 'optional'}"
            self._note(rule, base_at, head_at, was, now, message, *levels)
        self._content(old, new, base_at, head_at, "request-body", "the request body")

    # responses

    def _responses(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str) -> None:
        self._direction = 1
        old, new = (
            {str(status): answer for status, answer in (each.get("responses") or {}).items()}
            for each in (before, after)
        )
        gone = [status for status in old if status not in new]
        come = [status for status in new if status not in old]
        lost, won = ([s for s in each if s.startswith("2")] for each in (gone, come))
        if len(lost) == 1 and len(won) == 1:
            places = (f"{base}/responses/{lost[0]}", f"{head}/responses/{won[0]}")
            message = f"success is {won[0]} now, not {lost[0]}: the typed parser knows one of them"
            self._note(
                "response-success-status-removed", *places, lost[0], won[0], message, "error", "breaking-runtime"
            )
            gone.remove(lost[0])
            come.remove(won[0])
        for status in gone:
            success = status.startswith("2")
            rule = f"response-{'' if success else 'non-'}success-status-removed"
            levels = ("error", "breaking-runtime") if success else ("info", "behavioural")
            place = f"{base}/responses/{status}"
            self._note(rule, place, None, status, None, f"the response {status} was removed", *levels)
        for status in come:
            rule = f"response-{'' if status.startswith('2') else 'non-'}success-status-added"
            place = f"{head}/responses/{status}"
            self._note(rule, None, place, None, status, f"the response {status} was added", "info", "additive")
        for status in old:
            if status in new:
                base_at, was = self._target(self._base, f"{base}/responses/{status}", old[status])
                head_at, now = self._target(self._head, f"{head}/responses/{status}", new[status])
                if isinstance(was, dict) and isinstance(now, dict) and (base_at, head_at) not in self._seen:
                    self._headers(was, now, base_at, head_at, status)
                    self._content(was, now, base_at, head_at, "response-body", f"the response {status}")

    def _headers(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str, status: str) -> None:
        old, new = (
            {name.lower(): (name, header) for name, header in (each.get("headers") or {}).items()}
            for each in (before, after)
        )
        for key, (name, header) in old.items():
            base_at, was = self._target(self._base, f"{base}/headers/{_escaped(name)}", header)
            if not isinstance(was, dict):
                continue
            if key not in new:
                kind = "required" if was.get("required") is True else "optional"
                message = f"the {kind} header {name} of the response {status} was removed"
                level = "error" if kind == "required" else "warning"
                self._note(f"{kind}-response-header-removed", base_at, None, name, None, message, level, "behavioural")
                continue
            head_at, now = self._target(self._head, f"{head}/headers/{_escaped(new[key][0])}", new[key][1])
            if was.get("required") is True and now.get("required") is not True:
                message = f"the header {name} of the response {status} became optional"
                rule = "response-header-became-optional"
                self._note(rule, base_at, head_at, True, False, message, "error", "behavioural")
            self._schemas(was, now, base_at, head_at, "response-header", f"the header {name} of the response {status}")

    def _content(
        self, before: dict[str, Any], after: dict[str, Any], base: str, head: str, where: str, what: str
    ) -> None:
        old, new = (each.get("content") or {} for each in (before, after))
        side = "request-body" if self._direction == 0 else "response"
        for kind in old:
            if kind not in new:
                place = f"{base}/content/{_escaped(kind)}"
                message = f"{what} is no longer {kind}"
                rule = f"{side}-media-type-removed"
                self._note(rule, place, None, kind, None, message, "error", "breaking-runtime")
                continue
            if not isinstance(old[kind], dict) or not isinstance(new[kind], dict):
                continue
            places = [f"{place}/content/{_escaped(kind)}/schema" for place in (base, head)]
            self._schema(old[kind].get("schema"), new[kind].get("schema"), *places, where, what)
        for kind in new:
            if kind not in old:
                place = f"{head}/content/{_escaped(kind)}"
                rule = f"{side}-media-type-added"
                self._note(rule, None, place, None, kind, f"{what} may be {kind} as well", "info", "additive")

    # schemas

    def _schema(self, old: Any, new: Any, base: str, head: str, where: str, what: str) -> None:
        base, old, was_name = self._followed(self._base, base, old)
        head, new, now_name = self._followed(self._head, head, new)
        if was_name and now_name and was_name != now_name and was_name not in _schemas(self._head):
            self._component_renamed(was_name, now_name)
        if (base, head) in self._seen:
            return
        self._seen.add((base, head))
        # A component is the same wherever it is reached, so it is called by its own name.
        what = now_name or what
        if was_name == now_name and was_name in self._equal:
            return
        if old == new and not _references(new):
            return
        before, after = view(old, self._resolve_base), view(new, self._resolve_head)
        if self._unions(old, new, before, after, base, head, where, what):
            return
        if not self._types(before, after, base, head, where, what):
            return
        self._all_of(old, new, before, after, base, head, where, what)
        self._values(before.schema, after.schema, base, head, where, what)
        self._limits(before.schema, after.schema, base, head, where, what)
        self._restrictions(before.schema, after.schema, base, head, where, what)
        self._properties(before.schema, after.schema, base, head, where, what)
        if "items" in before.schema or "items" in after.schema:
            items = (before.schema.get("items", {}), after.schema.get("items", {}))
            self._schema(*items, f"{base}/items", f"{head}/items", _inner(where), f"an entry of {what}")
        if isinstance(old, dict) and isinstance(new, dict):
            self._deprecation(old, new, base, head, _inner(where), what)
            self._description(old, new, base, head)

    def _types(self, before: View, after: View, base: str, head: str, where: str, what: str) -> bool:
        """Type, format, nullability; False if the two have nothing in common that is worth comparing."""
        old, new = (each.schema.get("format") for each in (before, after))
        was, now = before.types, after.types
        effect = _type_effect(was, now)
        if effect == NEITHER and old != new:
            effect = _format_effect(old, new)
        if effect != NEITHER:
            shown = [
                f"{'/'.join(sorted(types)) or 'anything'}{f' ({form})' if form else ''}"
                for types, form in ((was, old), (now, new))
            ]
            message = f"the type of {what} changed from {shown[0]} to {shown[1]}"
            self._changed("type-changed", effect, base, head, shown[0], shown[1], message, where)
        if before.nullable != after.nullable and (now or "enum" in after.schema or "oneOf" in after.schema or was):
            kind, effect = ("became-nullable", WIDEN) if after.nullable else ("became-not-nullable", NARROW)
            message = f"{what} {'may be null now' if after.nullable else 'must not be null any more'}"
            self._changed(kind, effect, base, head, before.nullable, after.nullable, message, where)
        return not (was and now and not was & now and effect == BOTH)

    def _values(self, old: dict[str, Any], new: dict[str, Any], base: str, head: str, where: str, what: str) -> None:
        for word, name in (("enum", "enum"), ("x-extensible-enum", "x-extensible-enum")):
            was, now = old.get(word), new.get(word)
            if not isinstance(was, list) and not isinstance(now, list):
                continue
            places = (f"{base}/{word}", f"{head}/{word}")
            if not isinstance(was, list):
                message = f"{what} takes only listed values now"
                self._changed(f"became-{name}", NARROW, *places, None, now, message, where)
            elif not isinstance(now, list):
                self._changed(f"{name}-removed", WIDEN, *places, was, None, f"{what} may be anything now", where)
            else:
                for value in was:
                    if value not in now:
                        message = f"the value {value!r} of {what} was removed"
                        self._changed(f"{name}-value-removed", NARROW, *places, value, None, message, where)
                for value in now:
                    if value not in was:
                        message = f"the value {value!r} of {what} was added"
                        self._changed(f"{name}-value-added", WIDEN, *places, None, value, message, where)
        if ("const" in old or "const" in new) and old.get("const") != new.get("const"):
            effect = NARROW if "const" not in old else WIDEN if "const" not in new else BOTH
            values = (old.get("const"), new.get("const"))
            message = f"the only value of {what} changed from {values[0]!r} to {values[1]!r}"
            self._changed("const-changed", effect, f"{base}/const", f"{head}/const", *values, message, where)
        if old.get("default") != new.get("default"):
            effect = NARROW if where == "request-parameter" else NEITHER
            values = (old.get("default"), new.get("default"))
            message = f"the default of {what} changed from {values[0]!r} to {values[1]!r}"
            level = ("error", "info") if where == "request-parameter" else None
            places = (f"{base}/default", f"{head}/default")
            self._changed("default-value-changed", effect, *places, *values, message, where, levels=level)
        for word in ("readOnly", "writeOnly"):
            if (old.get(word) is True) != (new.get(word) is True):
                kind = f"became-{'' if new.get(word) is True else 'not-'}{word.replace('Only', '-only').lower()}"
                places = (f"{base}/{word}", f"{head}/{word}")
                hides = new.get(word) is True and (word == "readOnly") == (self._direction == 0)
                message = f"{what} {kind.replace('-', ' ')}"
                values = (old.get(word) is True, new.get(word) is True)
                level = ("warning", "error") if hides else ("info", "info")
                self._changed(kind, NEITHER, *places, *values, message, where, levels=level)

    def _limits(self, old: dict[str, Any], new: dict[str, Any], base: str, head: str, where: str, what: str) -> None:
        for table in (UPPER, LOWER):
            for word, name in table.items():
                was, now = old.get(word), new.get(word)
                if was == now or (None not in {was, now} and isinstance(was, bool) != isinstance(now, bool)):
                    continue
                if isinstance(was, bool) or isinstance(now, bool):
                    effect = NARROW if now is True else WIDEN if was is True else NEITHER
                    kind = f"{name}-changed"
                elif was is None or now is None:
                    effect, kind = (NARROW, f"{name}-set") if was is None else (WIDEN, f"{name}-unset")
                    if _says_nothing(word, was if now is None else now):
                        continue
                else:
                    grows = now > was
                    effect = WIDEN if grows == (table is UPPER) else NARROW
                    kind = f"{name}-{'increased' if grows else 'decreased'}"
                message = f"{word} of {what} changed from {was} to {now}"
                self._changed(kind, effect, f"{base}/{word}", f"{head}/{word}", was, now, message, where)
        if (old.get("uniqueItems") is True) != (new.get("uniqueItems") is True):
            effect = NARROW if new.get("uniqueItems") is True else WIDEN
            places = (f"{base}/uniqueItems", f"{head}/uniqueItems")
            message = f"entries of {what} {'must' if effect == NARROW else 'need not'} be unique now"
            values = (old.get("uniqueItems"), new.get("uniqueItems"))
            self._changed("unique-items-changed", effect, *places, *values, message, where)
        if old.get("pattern") != new.get("pattern"):
            was, now = old.get("pattern"), new.get("pattern")
            kind, effect = (
                ("pattern-added", NARROW)
                if was is None
                else ("pattern-removed", WIDEN)
                if now is None
                else ("pattern-changed", BOTH)
            )
            message = f"the pattern of {what} changed from {was!r} to {now!r}"
            self._changed(kind, effect, f"{base}/pattern", f"{head}/pattern", was, now, message, where)

    def _restrictions(
        self, old: dict[str, Any], new: dict[str, Any], base: str, head: str, where: str, what: str
    ) -> None:
        for word, name in RESTRICTIONS.items():
            was, now = (self._inlined(d, each.get(word)) for d, each in ((self._base, old), (self._head, new)))
            if canonical(was) == canonical(now):
                continue
            effect, verb = (
                (NARROW, "added") if was is None else (WIDEN, "removed") if now is None else (BOTH, "changed")
            )
            message = f"{word} of {what} was {verb}"
            self._changed(f"{name}-{verb}", effect, f"{base}/{word}", f"{head}/{word}", was, now, message, where)
        for word, name in KEYED_RESTRICTIONS.items():
            was, now = old.get(word) or {}, new.get(word) or {}
            for key in dict.fromkeys([*was, *now]):
                left, right = self._inlined(self._base, was.get(key)), self._inlined(self._head, now.get(key))
                if canonical(left) == canonical(right):
                    continue
                effect, verb = (
                    (NARROW, "added") if key not in was else (WIDEN, "removed") if key not in now else (BOTH, "changed")
                )
                places = [f"{place}/{word}/{_escaped(key)}" for place in (base, head)]
                message = f"{word} {key} of {what} was {verb}"
                self._changed(f"{name}-{verb}", effect, *places, left, right, message, where)
        was, now = (self._inlined(d, each.get("prefixItems")) for d, each in ((self._base, old), (self._head, new)))
        if canonical(was) != canonical(now):
            places = (f"{base}/prefixItems", f"{head}/prefixItems")
            verb = "added" if was is None else "removed" if now is None else "changed"
            message = f"the leading entries of {what} changed"
            self._changed(f"prefix-items-{verb}", BOTH, *places, was, now, message, where)
        was, now = ((each.get("discriminator") or {}).get("propertyName") for each in (old, new))
        if was and now and was != now:
            places = (f"{base}/discriminator", f"{head}/discriminator")
            message = f"the discriminator of {what} changed from {was} to {now}"
            self._changed("discriminator-changed", BOTH, *places, was, now, message, where)

    def _all_of(
        self, old: Any, new: Any, before: View, after: View, base: str, head: str, where: str, what: str
    ) -> None:
        """Parts that were added to or taken from an `allOf`, if that changes what the whole accepts.

        What can be seen in the folded schema is told there; here is what cannot.
        """
        was, now = (each.get("allOf") or [] if isinstance(each, dict) else [] for each in (old, new))
        if not was or not now or canonical(before.schema) == canonical(after.schema):
            return
        for left, right in pairs(was, now, _reference_name):
            if left is None or right is None:
                kind, effect = ("all-of-added", NARROW) if left is None else ("all-of-removed", WIDEN)
                places = (f"{base}/allOf", f"{head}/allOf")
                named = _reference_name(right if left is None else left)
                message = f"{named or 'a part'} was {'added to' if left is None else 'removed from'} allOf of {what}"
                values = (None, right) if left is None else (left, None)
                level = ("error", "info") if left is None else ("info", "info")
                self._changed(kind, effect, *places, *values, message, where, levels=level)

    def _properties(
        self, old: dict[str, Any], new: dict[str, Any], base: str, head: str, where: str, what: str
    ) -> None:
        was, now = (
            {n: p for n, p in (each.get("properties") or {}).items() if not self._hidden(document, p)}
            for document, each in ((self._base, old), (self._head, new))
        )
        required_then, required_now = (set(map(str, each.get("required") or [])) for each in (old, new))
        gone = [name for name in was if name not in now and name not in (new.get("properties") or {})]
        come = [name for name in now if name not in was and name not in (old.get("properties") or {})]
        for name in [*gone]:
            shape = canonical(self._inlined(self._base, was[name]))
            twins = [each for each in come if canonical(self._inlined(self._head, now[each])) == shape]
            alike = [each for each in gone if canonical(self._inlined(self._base, was[each])) == shape]
            if len(twins) == 1 == len(alike) and _alike(name, twins[0], was[name], now[twins[0]]):
                places = (f"{base}/properties/{_escaped(name)}", f"{head}/properties/{_escaped(twins[0])}")
                message = f"the property {name} of {what} is now called {twins[0]}"
                levels = ("error", "error")
                rename = ("property-renamed", BOTH, *places, name, twins[0], message, _inner(where))
                self._changed(*rename, levels=levels)
                gone.remove(name)
                come.remove(twins[0])
        for name in gone:
            place = f"{base}/properties/{_escaped(name)}"
            message = f"the property {name} of {what} was removed"
            must = name in required_then
            closed = new.get("additionalProperties") is False or new.get("unevaluatedProperties") is False
            levels = ("error" if closed else "warning", "error" if must else "warning")
            kind = "property-removed"
            side = (
                "request-property-removed"
                if self._direction == 0
                else f"response-{'required' if must else 'optional'}-property-removed"
            )
            self._changed(kind, NEITHER, place, None, name, None, message, _inner(where), levels=levels, rule=side)
        for name in come:
            self._property_added(
                name, now[name], f"{head}/properties/{_escaped(name)}", name in required_now, where, what
            )
        for name in was:
            if name not in now:
                continue
            places = (f"{base}/properties/{_escaped(name)}", f"{head}/properties/{_escaped(name)}")
            inner = f"{name} of {what}"
            if (name in required_then) != (name in required_now):
                self._required(name, now[name], *places, name in required_now, where, what)
            self._schema(was[name], now[name], *places, _inner(where), inner)
        for name in sorted((required_now - required_then) - set(now)):
            if name not in (new.get("properties") or {}):
                place = f"{head}/required"
                message = f"{name} of {what} is required now"
                rule = "new-required-request-property" if self._direction == 0 else "response-property-became-required"
                self._changed("became-required", NARROW, None, place, None, name, message, _inner(where), rule=rule)
        self._additional(old, new, base, head, where, what)

    def _property_added(self, name: str, schema: Any, place: str, required: bool, where: str, what: str) -> None:  # noqa: FBT001
        fallback = self._resolve_head(schema)
        default = isinstance(fallback, dict) and "default" in fallback
        message = f"the {'required' if required else 'optional'} property {name} of {what} was added"
        if self._direction == 0 and required:
            rule = f"new-required-request-property{'-with-default' if default else ''}"
            kind = "new-required-property"
            self._changed(kind, NARROW, None, place, None, name, message, _inner(where), rule=rule)
            return
        rule = (
            "new-optional-request-property"
            if self._direction == 0
            else f"response-{'required' if required else 'optional'}-property-added"
        )
        kind = "new-optional-property"
        self._changed(kind, NEITHER, None, place, None, name, message, _inner(where), rule=rule)

    def _required(self, name: str, schema: Any, base: str, head: str, now: bool, where: str, what: str) -> None:  # noqa: FBT001
        resolved = self._resolve_head(schema)
        default = isinstance(resolved, dict) and "default" in resolved
        suffix = "-with-default" if now and default and self._direction == 0 else ""
        kind = f"became-{'required' if now else 'optional'}"
        side = ("request", "response")[self._direction]
        message = f"{name} of {what} became {'required' if now else 'optional'}"
        rule = f"{side}-property-{kind}{suffix}"
        effect = NARROW if now else WIDEN
        # Renaming the place keeps this apart from changes of the property's own schema.
        self._changed(kind, effect, base, head, not now, now, message, _inner(where), rule=rule)

    def _additional(
        self, old: dict[str, Any], new: dict[str, Any], base: str, head: str, where: str, what: str
    ) -> None:
        was, now = old.get("additionalProperties", True), new.get("additionalProperties", True)
        places = (f"{base}/additionalProperties", f"{head}/additionalProperties")
        if isinstance(was, dict) and isinstance(now, dict):
            self._schema(was, now, *places, _inner(where), f"a further property of {what}")
        elif (was is False) != (now is False):
            kind, effect = (
                ("additional-properties-removed", NARROW) if now is False else ("additional-properties-added", WIDEN)
            )
            message = f"{what} {'must have no' if now is False else 'may have'} further properties now"
            self._changed(kind, effect, *places, was, now, message, where)
        elif isinstance(now, dict) and now and not isinstance(was, dict):
            message = f"further properties of {what} must fit a schema now"
            self._changed("additional-properties-restricted", NARROW, *places, was, now, message, where)

    def _hidden(self, document: dict[str, Any], schema: Any) -> bool:
        """Whether a property is never sent in the present direction."""
        resolved = self._resolved(document, schema)
        word = ("readOnly", "writeOnly")[self._direction]
        return isinstance(resolved, dict) and resolved.get(word) is True

    def _unions(
        self, old: Any, new: Any, before: View, after: View, base: str, head: str, where: str, what: str
    ) -> bool:
        """Alternatives; True if there is nothing else to compare."""
        for word, name in (("oneOf", "one-of"), ("anyOf", "any-of")):
            was, now = before.schema.get(word), after.schema.get(word)
            if not was and not now:
                continue
            if was and now:
                self._alternatives(was, now, base, head, word, name, where, what)
                continue
            other = "anyOf" if word == "oneOf" else "oneOf"
            if ((before.schema.get(other) or None) and now) or ((after.schema.get(other) or None) and was):
                if was is None or now is None:
                    left = before.schema.get(word) or before.schema.get(other)
                    right = after.schema.get(word) or after.schema.get(other)
                    if word == "oneOf":
                        self._alternatives(left, right, base, head, word, name, where, what)
                continue
            single, union = (old, now) if now else (new, was)
            document, others = (self._base, self._head) if now else (self._head, self._base)
            shape = canonical(self._inlined(document, single))
            fits = [each for each in union if self._accepts(others, each, shape)]
            values = (
                ([_label(old)], [_label(each) for each in now])
                if now
                else ([_label(each) for each in was], [_label(new)])
            )
            if now:
                kind = f"wrapped-in-{name}"
                effect = WIDEN if len(fits) == 1 or (fits and word == "anyOf") else BOTH
                message = f"{what} is one of {len(now)} alternatives now: {', '.join(values[1])}"
            else:
                kind, effect = f"unwrapped-from-{name}", NARROW if fits else BOTH
                message = f"{what} is no longer one of {len(was)} alternatives"
            if set(after.schema if now else before.schema) - {
                word,
                "discriminator",
                "title",
                "description",
            } and canonical({k: v for k, v in (after if now else before).schema.items() if k != word}) == canonical(
                {k: v for k, v in (before if now else after).schema.items() if k != word}
            ):
                # The alternatives stand beside what was there before, and restrict it.
                kind, effect = (f"{name}-added", BOTH) if now else (f"{name}-removed", BOTH)
            self._changed(kind, effect, base, head, *values, message, where)
            if before.nullable != after.nullable:
                kind, effect = ("became-nullable", WIDEN) if after.nullable else ("became-not-nullable", NARROW)
                message = f"{what} {'may be null now' if after.nullable else 'must not be null any more'}"
                self._changed(kind, effect, base, head, before.nullable, after.nullable, message, where)
            return True
        return False

    def _accepts(self, document: dict[str, Any], alternative: Any, shape: str) -> bool:
        return canonical(self._inlined(document, alternative)) == shape

    def _alternatives(
        self, was: list[Any], now: list[Any], base: str, head: str, word: str, name: str, where: str, what: str
    ) -> None:
        lonely: tuple[list[Any], list[Any]] = ([], [])
        for left, right in pairs(was, now, _reference_name):
            if left is not None and right is not None:
                places = (f"{base}/{word}/{was.index(left)}", f"{head}/{word}/{now.index(right)}")
                self._schema(left, right, *places, _inner(where), f"{_label(right)} in {what}")
            else:
                lonely[left is None].append(right if left is None else left)
        if len(lonely[0]) == len(lonely[1]) == 1 and not any(map(_reference_name, [lonely[0][0], lonely[1][0]])):
            left, right = lonely[0][0], lonely[1][0]
            places = (f"{base}/{word}/{was.index(left)}", f"{head}/{word}/{now.index(right)}")
            self._schema(left, right, *places, _inner(where), f"an alternative of {what}")
            return
        for left in lonely[0]:
            if is_null(left, self._resolve_base):
                continue
            message = f"the alternative {_label(left)} of {what} was removed"
            self._changed(
                f"{name}-removed", NARROW, f"{base}/{word}", f"{head}/{word}", _label(left), None, message, where
            )
        for right in lonely[1]:
            message = f"the alternative {_label(right)} of {what} was added"
            self._changed(
                f"{name}-added", WIDEN, f"{base}/{word}", f"{head}/{word}", None, _label(right), message, where
            )

    # descriptions

    def _description(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str) -> None:
        old, new = (str(each.get("description") or "") for each in (before, after))
        if old.split() == new.split():
            return
        changed = " ".join(sorted(set(old.split()) ^ set(new.split())))
        if NOTEWORTHY.search(changed):
            places = (f"{base}/description", f"{head}/description")
            message = "a description that speaks of limits, dates, deprecation or retention changed; read it"
            self._note("description-changed", *places, old[:600], new[:600], message, "info", "docs")

    # noting down

    def _changed(
        self,
        kind: str,
        effect: str,
        base: str | None,
        head: str | None,
        old: Any,
        new: Any,
        message: str,
        where: str,
        *,
        levels: tuple[str, str] | None = None,
        rule: str | None = None,
    ) -> None:
        narrow, widen = effect in {NARROW, BOTH}, effect in {WIDEN, BOTH}
        table = levels or WIRE_LEVEL.get(kind) or ("error" if narrow else "info", "error" if widen else "info")
        side = ("request", "response")[self._direction]
        at = where.partition("-")[2] if where.startswith(side) else where
        python = PYTHON_SEVERITY.get(kind, ("behavioural", "behavioural"))[self._direction]
        level = table[self._direction]
        if kind not in PYTHON_SEVERITY and level == "info":
            python = "additive"
        self._note(rule or f"{side}-{at}-{kind}", base, head, old, new, message, level, python, kind=kind)

    def _note(
        self,
        rule: str,
        base: str | None,
        head: str | None,
        old: Any,
        new: Any,
        message: str,
        wire: str,
        python: str,
        *,
        kind: str | None = None,
    ) -> None:
        from scripts.review.findings import PYTHON, WIRE

        cause = repr((kind or rule, base, head, old, new))
        finding = self._found.get(cause)
        if finding is None:
            finding = self._found[cause] = Finding(
                rule=rule, wire=wire, python=python, message=message, base=base, head=head, old=old, new=new
            )
        else:
            # One cause in both directions: the rule is that of the worse one.
            if WIRE.index(wire) > WIRE.index(finding.wire):
                finding.wire, finding.rule = wire, rule
            if PYTHON.index(python) > PYTHON.index(finding.python):
                finding.python = python
        if self._operation:
            reached = self._operation + (f" {('request', 'response')[self._direction]}" if kind else "")
            if reached not in finding.reaches:
                finding.reaches.append(reached)

    # references

    def _resolve_base(self, node: Any) -> Any:
        return self._resolved(self._base, node)

    def _resolve_head(self, node: Any) -> Any:
        return self._resolved(self._head, node)

    @staticmethod
    def _resolved(document: dict[str, Any], node: Any) -> Any:
        return _follow(document, "", node)[1]

    @staticmethod
    def _target(document: dict[str, Any], place: str, node: Any) -> tuple[str, Any]:
        return _follow(document, place, node)[:2]

    def _followed(self, document: dict[str, Any], place: str, node: Any) -> tuple[str, Any, str]:
        at, found, names = _follow(document, place, node)
        return at, found, names

    def _inlined(self, document: dict[str, Any], node: Any, path: tuple[str, ...] = ()) -> Any:
        """A node with its references in place, so that `$ref` and inline are the same."""
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                if reference in path:
                    return {"$ref": "recursion"}
                return self._inlined(document, _follow(document, "", node)[1], (*path, reference))
            return {key: self._inlined(document, value, path) for key, value in node.items()}
        return [self._inlined(document, item, path) for item in node] if isinstance(node, list) else node


class BadReferenceError(ValueError):
    """A reference that leads out of the document or nowhere."""


def _follow(document: dict[str, Any], place: str, node: Any) -> tuple[str, Any, str]:
    """Where a reference leads: pointer, node, and the name of the component if it is one."""
    name = ""
    for _ in range(50):
        if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
            return place, node, name
        reference = node["$ref"]
        if not reference.startswith("#"):
            raise BadReferenceError(f"{reference!r} leads out of the document; put its target into the document")
        target: Any = document
        for part in filter(None, reference[1:].split("/")):
            key = part.replace("~1", "/").replace("~0", "~")
            try:
                target = target[int(key)] if isinstance(target, list) else target[key]
            except (KeyError, IndexError, ValueError, TypeError):
                raise BadReferenceError(f"{reference!r} leads nowhere") from None
        place, name = reference, reference.rpartition("/")[2]
        siblings = {key: value for key, value in node.items() if key not in {"$ref", "description", "summary", "title"}}
        node = {"allOf": [target, siblings]} if siblings and isinstance(target, dict) else target
    raise BadReferenceError(f"{place!r} refers to itself")


def _equal_components(base: dict[str, Any], head: dict[str, Any]) -> set[str]:
    """Names of schemas that are the same in both, with everything they refer to."""
    old, new = _schemas(base), _schemas(head)
    same = {name for name in old if name in new and old[name] == new[name]}
    while True:
        lost = {name for name in same if any(ref not in same for ref in _references(old[name]))}
        if not lost:
            return same
        same -= lost


def _references(node: Any) -> Iterator[str] | list[str]:
    if isinstance(node, dict):
        found = [node["$ref"].rpartition("/")[2]] if isinstance(node.get("$ref"), str) else []
        return [*found, *(ref for value in node.values() for ref in _references(value))]
    return [ref for item in node for ref in _references(item)] if isinstance(node, list) else []


def _schemas(document: dict[str, Any]) -> dict[str, Any]:
    return (document.get("components") or {}).get("schemas") or {}


def _matched_paths(old: dict[str, Any], new: dict[str, Any]) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Paths that are the same but for the names of their parameters; the rest of both."""
    shapes = {_shape(path): path for path in new}
    matched = [(path, path if path in new else shapes.get(_shape(path))) for path in old]
    pairs_ = [(before, after) for before, after in matched if after is not None]
    taken = {after for _, after in pairs_}
    return pairs_, [before for before, after in matched if after is None], [path for path in new if path not in taken]


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _renamed_path_parameters(base: str, head: str) -> dict[str, str]:
    old, new = (re.findall(r"\{([^}]*)\}", place) for place in (base, head))
    return {was: now for was, now in zip(old, new, strict=False) if was != now} if len(old) == len(new) else {}


def _shift(old: str, new: str) -> tuple[str, str]:
    """What differs at the front of two paths."""
    left, right = old.split("/"), new.split("/")
    while left and right and left[-1] == right[-1]:
        left.pop()
        right.pop()
    return "/".join(left), "/".join(right)


def _tags(operation: dict[str, Any]) -> list[str]:
    return [tag for tag in operation.get("tags") or [] if isinstance(tag, str) and tag]


def _sunset(node: dict[str, Any]) -> date | None:
    text = str(node.get("x-sunset", ""))
    try:
        return date.fromisoformat(text[:10]) if re.fullmatch(r"\d{4}-\d\d-\d\d([T ].*)?", text) else None
    except ValueError:
        return None


def _serialisation(parameter: dict[str, Any], place: str, name: str) -> Any:
    style = parameter.get("style", "form" if place in {"query", "cookie"} else "simple")
    return {
        "style": style,
        "explode": parameter.get("explode", style == "form"),
        "allowReserved": parameter.get("allowReserved", False),
    }[name]


def _schema_of(node: Any) -> tuple[str, Any] | None:
    if "schema" in node:
        return "/schema", node["schema"]
    for kind, media in (node.get("content") or {}).items():
        if isinstance(media, dict) and "schema" in media:
            return f"/content/{_escaped(kind)}/schema", media["schema"]
    return None


def _without_name(parameter: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in parameter.items() if key != "name"}


def _inner(where: str) -> str:
    return f"{where.partition('-')[0]}-property"


def _type_effect(was: frozenset[str], now: frozenset[str]) -> str:
    def wide(kinds: frozenset[str]) -> frozenset[str]:
        return kinds | {"integer"} if "number" in kinds else kinds

    old, new = wide(was), wide(now)
    if old == new:
        return NEITHER
    if not old:
        return NARROW
    if not new or old < new:
        return WIDEN
    return NARROW if new < old else BOTH


def _format_effect(old: str | None, new: str | None) -> str:
    if old is None:
        return NARROW
    if new is None or (old, new) in {("int32", "int64"), ("float", "double")}:
        return WIDEN
    return NARROW if (new, old) in {("int32", "int64"), ("float", "double")} else BOTH


def _says_nothing(word: str, value: Any) -> bool:
    return word in {"minLength", "minItems", "minProperties"} and value == 0


def _alike(old: str, new: str, was: Any, now: Any) -> bool:
    """Whether a property that went and one that came are one and the same: described alike, or named alike."""
    told = [each.get("description") for each in (was, now) if isinstance(each, dict)]
    if len(told) == 2 and told[0] and told[0] == told[1]:
        return True
    left, right = (re.sub(r"[^a-z0-9]", "", name.lower()) for name in (old, new))
    return left == right


def _reference_name(schema: Any) -> str:
    if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        return str(schema["$ref"]).rpartition("/")[2]
    return str(schema.get("title") or "") if isinstance(schema, dict) else ""


def _label(schema: Any) -> str:
    if isinstance(schema, dict):
        kind = schema.get("type")
        return _reference_name(schema) or (kind if isinstance(kind, str) else "") or "an inline schema"
    return str(schema)


def _escaped(key: str) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
