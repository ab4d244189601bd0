"""The spec differ: two OpenAPI documents in, one finding per cause out.

A changed component is compared once for each way that it is reached, and reported once: its finding lists every operation
it reaches, and in which direction. A request may widen and a response may narrow; the other way round breaks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from scripts.review.recorder import sunset_of
from scripts.review.references import escaped
from scripts.review.schema_differ import SchemaDiffer
from scripts.review.schemas import canonical

if TYPE_CHECKING:
    from scripts.review.findings import Finding

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Differ(SchemaDiffer):
    """Compares two documents.

    Args:
        base: The old document.
        head: The new one.
        today: For sunset dates; by default today.
    """

    def findings(self) -> list[Finding]:
        """All findings, in the order in which they were found."""
        self._servers()
        for section, prefix in (("paths", ""), ("webhooks", "webhook ")):
            self._paths(self._base.get(section) or {}, self._head.get(section) or {}, section, prefix)
        self._components()
        self._spread()
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
                rule = f"api-server-{verb}"
                if verb == "removed":
                    self._note(rule, "#/servers", None, urls, None, message, wire, python)
                else:
                    self._note(rule, None, "#/servers", None, urls, message, wire, python)

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
                    place = f"#/components/{kind}/{escaped(name)}"
                    message = f"the security scheme {name} was removed"
                    self._note(
                        "api-security-component-removed", place, None, name, None, message, "info", "behavioural"
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
            place = f"#/{section}/{escaped(path)}/{method}"
            self._operation = f"{prefix}{method.upper()} {path}"
            rule = "webhook-added" if prefix else "endpoint-added"
            self._note(rule, None, place, None, self._operation, f"{self._operation} was added", "info", "additive")

    def _moved(self, section: str, prefix: str, gone: list[Any], come: list[Any]) -> None:
        """Operations that have another path now: the same operationId, or the same content."""
        moves: list[tuple[tuple[str, str, Any], tuple[str, str, Any]]] = []
        for before in [*gone]:
            _, method, item = before
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
                was_at, now_at = (f"#/{section}/{escaped(each[0])}/{each[1]}" for each in (before, after))
                message = f"{before[1].upper()} {before[0]} moved to {after[0]}"
                self._note("api-path-moved", was_at, now_at, before[0], after[0], message, "error", "behavioural")
        for before, after in moves:
            self._operation_pair(section, prefix, (before[0], before[2]), (after[0], after[2]), before[1])

    def _found_last(self) -> Finding:
        return next(reversed(self._found.values()))

    # operations

    def _operation_removed(self, section: str, prefix: str, path: str, method: str, item: dict[str, Any]) -> None:
        operation = item[method]
        place = f"#/{section}/{escaped(path)}/{method}"
        self._operation = f"{prefix}{method.upper()} {path}"
        if prefix:
            rule, level = "webhook-removed", "error"
        elif operation.get("deprecated") is not True:
            rule, level = "api-path-removed-without-deprecation", "error"
        else:
            sunset = sunset_of(operation)
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
        base, head = (f"#/{section}/{escaped(each[0])}" for each in (old, new))
        before, after = old[1][method], new[1][method]
        base_op, head_op = f"{base}/{method}", f"{head}/{method}"
        self._operation = f"{prefix}{method.upper()} {new[0]}"
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
            sunset = sunset_of(parameter)
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
                if isinstance(was, dict) and isinstance(now, dict):
                    self._headers(was, now, base_at, head_at, status)
                    self._content(was, now, base_at, head_at, "response-body", f"the response {status}")

    def _headers(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str, status: str) -> None:
        old, new = (
            {name.lower(): (name, header) for name, header in (each.get("headers") or {}).items()}
            for each in (before, after)
        )
        for key, (name, header) in old.items():
            base_at, was = self._target(self._base, f"{base}/headers/{escaped(name)}", header)
            if not isinstance(was, dict):
                continue
            if key not in new:
                kind = "required" if was.get("required") is True else "optional"
                message = f"the {kind} header {name} of the response {status} was removed"
                level = "error" if kind == "required" else "warning"
                self._note(f"{kind}-response-header-removed", base_at, None, name, None, message, level, "behavioural")
                continue
            head_at, now = self._target(self._head, f"{head}/headers/{escaped(new[key][0])}", new[key][1])
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
                place = f"{base}/content/{escaped(kind)}"
                message = f"{what} is no longer {kind}"
                rule = f"{side}-media-type-removed"
                self._note(rule, place, None, kind, None, message, "error", "breaking-runtime")
                continue
            if not isinstance(old[kind], dict) or not isinstance(new[kind], dict):
                continue
            was_at, now_at = (f"{place}/content/{escaped(kind)}/schema" for place in (base, head))
            self._schema(old[kind].get("schema"), new[kind].get("schema"), was_at, now_at, where, what)
        for kind in new:
            if kind not in old:
                place = f"{head}/content/{escaped(kind)}"
                rule = f"{side}-media-type-added"
                self._note(rule, None, place, None, kind, f"{what} may be {kind} as well", "info", "additive")


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
            return f"/content/{escaped(kind)}/schema", media["schema"]
    return None


def _without_name(parameter: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in parameter.items() if key != "name"}
