"""The part of the differ that compares two operations: names, parameters, bodies and answers."""

from __future__ import annotations

import re
from typing import Any, Final

from attrs import frozen

from scripts.differ.comparing import Spot
from scripts.differ.lifecycle import sunset_of, unstable
from scripts.differ.media_types import contains, matched
from scripts.differ.references import entries, escaped, members
from scripts.differ.schema_differ import SchemaDiffer
from scripts.differ.security import SecurityDiffer
from scripts.differ.shapes import canonical

Key = tuple[str, str]
Parameter = tuple[str, dict[str, Any]]
# Values of these are written the same however `explode` is.
_SINGLE: Final = frozenset({"string", "number", "integer", "boolean", "null"})


@frozen
class Site:
    """An operation in one of the documents.

    Attributes:
        path: Its path.
        method: Its method.
        item: The path item that holds it.
        place: Pointer of the path item.
        content: The operation.
    """

    path: str
    method: str
    item: dict[str, Any]
    place: str
    content: dict[str, Any]

    @property
    def pointer(self) -> str:
        """Pointer of the operation."""
        return f"{self.place}/{self.method}"


class OperationDiffer(SchemaDiffer, SecurityDiffer):
    """Compares operations."""

    def _operation_pair(self, old: Site, new: Site, prefix: str) -> None:
        base, head, before, after = old.pointer, new.pointer, old.content, new.content
        self._operation = f"{prefix}{new.method.upper()} {new.path}"
        self._stability(before, after, base, head)
        self._promised = not (unstable(after) and (unstable(before) or "x-stability-level" not in before))
        self._names(before, after, base, head)
        self._deprecation(before, after, base, head, "api-path", "the operation")
        if "security" in before or "security" in after:
            self._security(before, after, base, head)
        elif not self._inverted:
            self._without_security.append(self._operation)
        self._direction = int(self._inverted)
        self._parameters(old, new)
        self._body(before, after, base, head)
        self._direction = 1 - self._direction
        self._responses(before, after, base, head)
        self._promised = True

    def _names(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str) -> None:
        was, now = before.get("operationId"), after.get("operationId")
        places = (f"{base}/operationId", f"{head}/operationId")
        if was and was != now:
            message = f"operationId {was} is now {now or 'missing'}"
            self._note("api-operation-id-removed", *places, was, now, message, "info", "breaking-runtime")
        elif now and not was:
            message = f"the operation is called {now} now"
            self._note("api-operation-id-added", None, places[1], None, now, message, "info", "behavioural")
        old, new = (_tags(each, place) for each, place in ((before, base), (after, head)))
        if old[:1] != new[:1]:
            # The pipeline gives all operations of an API one tag, so no module is named after what is published.
            message = f"the tag changed from {', '.join(old[:1]) or 'none'} to {', '.join(new[:1]) or 'none'}"
            self._note("api-tag-removed", f"{base}/tags", f"{head}/tags", old, new, message, "info", "docs")

    # requests

    def _demand(self, *, more: bool) -> tuple[str, str]:
        """How bad it is if more must be sent now, or less.

        In a call of theirs to us it is the other way round: we may miss what need not be sent any more.
        """
        return ("error", "breaking-runtime") if more != self._inverted else ("info", "additive")

    def _parameters(self, old: Site, new: Site) -> None:
        before, after = self._parameter_table(self._base, old), self._parameter_table(self._head, new)
        for was, now in _renamed_path_parameters(old.path, new.path).items():
            if ("path", was) in before and ("path", now) in after:
                before["path", now] = before.pop(("path", was))
        gone = [key for key in before if key not in after]
        come = [key for key in after if key not in before]
        self._moved_parameters(before, after, gone, come)
        for key in gone:
            self._parameter_removed(key, *before[key])
        for key in come:
            place, parameter = after[key]
            required = parameter.get("required") is True or key[0] == "path"
            rule = f"new-{'required' if required else 'optional'}-request-parameter"
            if key[0] == "path":
                rule = "new-request-path-parameter"
            message = f"the {'required' if required else 'optional'} {key[0]} parameter {key[1]} was added"
            self._note(rule, None, place, None, key[1], message, *self._demand(more=required))
        for key, (place, parameter) in before.items():
            if key in after:
                self._parameter_pair(key, place, parameter, *after[key])

    def _moved_parameters(
        self, before: dict[Key, Parameter], after: dict[Key, Parameter], gone: list[Key], come: list[Key]
    ) -> None:
        """Parameters that have another location or name; those that are found are taken out of both lists."""
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

    def _parameter_removed(self, key: Key, place: str, parameter: dict[str, Any]) -> None:
        rule, wire, python = "request-parameter-removed", "warning", "breaking-runtime"
        if parameter.get("deprecated") is True:
            sunset = sunset_of(parameter)
            if parameter.get("x-sunset") is not None and sunset is None:
                rule, wire = "request-parameter-sunset-parse", "error"
            elif sunset is not None and sunset > self._today:
                rule, wire = "request-parameter-removed-before-sunset", "error"
            else:
                # It was announced.
                rule, wire, python = "request-parameter-removed-with-deprecation", "info", "behavioural"
        message = f"the {key[0]} parameter {key[1]} was removed"
        self._note(rule, place, None, key[1], None, message, wire, python)

    def _parameter_table(self, document: dict[str, Any], site: Site) -> dict[Key, Parameter]:
        table: dict[Key, Parameter] = {}
        for owner, place in ((site.item, site.place), (site.content, site.pointer)):
            for index, parameter in enumerate(entries(owner, "parameters", place)):
                at, found = self._target(document, f"{place}/parameters/{index}", parameter)
                key = (str(found.get("in")), str(found.get("name")))
                table[key if key[0] != "header" else (key[0], key[1].lower())] = (at, found)
        return table

    def _parameter_pair(self, key: Key, base: str, before: dict[str, Any], head: str, after: dict[str, Any]) -> None:
        what = f"the {key[0]} parameter {key[1]}"
        was, now = (each.get("required") is True or key[0] == "path" for each in (before, after))
        if was != now:
            rule = f"request-parameter-became-{'required' if now else 'optional'}"
            message = f"{what} became {'required' if now else 'optional'}"
            self._note(rule, base, head, *_demanded(was, now), message, *self._demand(more=now))
        self._deprecation(before, after, base, head, "request-parameter", what)
        old, new = (_style(each, key[0]) for each in (before, after))
        if old != new:
            message = f"style of {what} changed from {old} to {new}"
            rule = "request-parameter-style-changed"
            self._note(rule, f"{base}/style", f"{head}/style", old, new, message, "error", "behavioural")
        else:
            # What `explode` is by default goes with the style, so a changed style is told once.
            self._explode(before, after, base, head, "request-parameter", what, default=new == "form")
        old, new = (each.get("allowReserved") is True for each in (before, after))
        if old != new:
            rule = f"request-parameter-became-{'' if new else 'not-'}allow-reserved"
            message = f"{what} {'may' if new else 'must not'} hold reserved characters as they are now"
            levels = ("info", "additive") if new else ("error", "behavioural")
            self._note(rule, f"{base}/allowReserved", f"{head}/allowReserved", old, new, message, *levels)
        old, new = (each.get("allowEmptyValue") is True for each in (before, after))
        if old != new:
            rule = "request-parameter-allow-empty-value-changed"
            message = f"{what} {'may' if new else 'must not'} be empty now"
            levels = ("error", "behavioural") if old else ("info", "additive")
            self._note(rule, f"{base}/allowEmptyValue", f"{head}/allowEmptyValue", old, new, message, *levels)
        self._required_parameter = all(each.get("required") is True for each in (before, after))
        self._contained(before, after, base, head, "request-parameter", what)
        self._required_parameter = False

    def _explode(
        self,
        before: dict[str, Any],
        after: dict[str, Any],
        base: str,
        head: str,
        where: str,
        what: str,
        *,
        default: bool,
    ) -> None:
        """How the parts of an array or object are written; a single value has none."""
        sides = (self._base, before, base), (self._head, after, head)
        if any(_single(self._followed(document, at, each.get("schema"))[1]) for document, each, at in sides):
            return
        old, new = (each.get("explode", default) for each in (before, after))
        if old != new:
            message = f"explode of {what} changed from {old} to {new}"
            places = (f"{base}/explode", f"{head}/explode")
            self._note(f"{where}-explode-changed", *places, old, new, message, "error", "behavioural")

    def _contained(
        self, before: dict[str, Any], after: dict[str, Any], base: str, head: str, where: str, what: str
    ) -> None:
        """Schemas of a parameter or header, below `schema` or the only media type of `content`."""
        old, new = _schema_of(before, base), _schema_of(after, head)
        if old[2] != new[2] and "" in (old[2], new[2]) and old[1] is not None and new[1] is not None:
            rule = f"{where}-content-changed"
            message = f"{what} is written as {new[2] or 'text'} now, not as {old[2] or 'text'}"
            self._note(rule, base + old[0], head + new[0], old[2], new[2], message, "error", "behavioural")
        if old[1] is not None or new[1] is not None:
            self._schema(old[1], new[1], Spot(base + old[0], head + new[0], where, what))

    def _body(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str) -> None:
        places = (f"{base}/requestBody", f"{head}/requestBody")
        if before.get("requestBody") is None and after.get("requestBody") is None:
            return
        base_at, old = self._target(self._base, places[0], before.get("requestBody"))
        head_at, new = self._target(self._head, places[1], after.get("requestBody"))
        if before.get("requestBody") is None:
            required = new.get("required") is True
            rule = f"request-body-added-{'required' if required else 'optional'}"
            message = f"a {'required' if required else 'optional'} request body was added"
            self._note(rule, None, head_at, None, required, message, *self._demand(more=required))
            return
        if after.get("requestBody") is None:
            message = "the request body was removed"
            self._note("request-body-removed", base_at, None, True, None, message, "error", "breaking-runtime")
            return
        was, now = old.get("required") is True, new.get("required") is True
        if was != now:
            rule = f"request-body-became-{'required' if now else 'optional'}"
            message = f"the request body became {'required' if now else 'optional'}"
            self._note(rule, base_at, head_at, *_demanded(was, now), message, *self._demand(more=now))
        self._content(old, new, base_at, head_at, "request-body", "the request body")

    # responses

    def _responses(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str) -> None:
        old, new = members(before, "responses", base), members(after, "responses", head)
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
                self._headers(was, now, base_at, head_at, status)
                self._content(was, now, base_at, head_at, "response-body", f"the response {status}")

    def _headers(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str, status: str) -> None:
        old, new = (
            {name.lower(): (name, header) for name, header in members(each, "headers", place).items()}
            for each, place in ((before, base), (after, head))
        )
        for key, (name, header) in old.items():
            base_at, was = self._target(self._base, f"{base}/headers/{escaped(name)}", header)
            if key not in new:
                kind = "required" if was.get("required") is True else "optional"
                message = f"the {kind} header {name} of the response {status} was removed"
                level = "error" if kind == "required" else "warning"
                self._note(f"{kind}-response-header-removed", base_at, None, name, None, message, level, "behavioural")
                continue
            head_at, now = self._target(self._head, f"{head}/headers/{escaped(new[key][0])}", new[key][1])
            self._header_pair(name, status, was, now, base_at, head_at)
        for key, (name, header) in new.items():
            if key not in old:
                at, _ = self._target(self._head, f"{head}/headers/{escaped(name)}", header)
                message = f"the header {name} of the response {status} was added"
                self._note("response-header-added", None, at, None, name, message, "info", "additive")

    def _header_pair(
        self, name: str, status: str, was: dict[str, Any], now: dict[str, Any], base: str, head: str
    ) -> None:
        what = f"the header {name} of the response {status}"
        required = [each.get("required") is True for each in (was, now)]
        if required[0] != required[1]:
            kind = "required" if required[1] else "optional"
            levels = ("info", "additive") if required[1] else ("error", "behavioural")
            rule = f"response-header-became-{kind}"
            self._note(rule, base, head, *_demanded(*required), f"{what} became {kind}", *levels)
        self._explode(was, now, base, head, "response-header", what, default=False)
        self._deprecation(was, now, base, head, "response-header", what)
        self._contained(was, now, base, head, "response-header", what)

    def _content(
        self, before: dict[str, Any], after: dict[str, Any], base: str, head: str, where: str, what: str
    ) -> None:
        old, new = members(before, "content", base), members(after, "content", head)
        side = "request-body" if self._side() == "request" else "response"
        pairs = matched(old, new)
        for kind in old:
            if kind not in [was for was, _ in pairs]:
                place = f"{base}/content/{escaped(kind)}"
                message = f"{what} is no longer {kind}"
                self._note(f"{side}-media-type-removed", place, None, kind, None, message, "error", "breaking-runtime")
        for kind in new:
            if kind not in [now for _, now in pairs]:
                place = f"{head}/content/{escaped(kind)}"
                message = f"{what} may be {kind} as well"
                self._note(f"{side}-media-type-added", None, place, None, kind, message, "info", "additive")
        for was, now in pairs:
            places = (f"{base}/content/{escaped(was)}", f"{head}/content/{escaped(now)}")
            if contains(was, now) or contains(now, was):
                narrower = contains(was, now)
                kind = "specialized" if narrower else "generalized"
                breaks = narrower == (self._direction == 0)
                levels = ("error", "behavioural") if breaks else ("info", "additive")
                message = f"{what} is {now} now, not {was}"
                self._note(f"{side}-media-type-name-{kind}", *places, was, now, message, *levels)
            media = self._resolved(self._base, old[was]), self._resolved(self._head, new[now])
            # Of a stream, OpenAPI 3.2 describes each item.
            for word in ("schema", "itemSchema"):
                if any(each.get(word) is not None for each in media):
                    spot = Spot(f"{places[0]}/{word}", f"{places[1]}/{word}", where, what)
                    self._schema(media[0].get(word), media[1].get(word), spot)
            encodings = [members(each, "encoding", place) for each, place in zip(media, places, strict=True)]
            for name in dict.fromkeys([*encodings[0], *encodings[1]]):
                before_it, after_it = (each.get(name) for each in encodings)
                if canonical(before_it) != canonical(after_it):
                    message = f"the part {name} of {what} is encoded in another way"
                    at = [f"{place}/encoding/{escaped(name)}" for place in places]
                    self._note(
                        f"{side}-encoding-changed", at[0], at[1], before_it, after_it, message, "warning", "behavioural"
                    )


def _renamed_path_parameters(base: str, head: str) -> dict[str, str]:
    old, new = (re.findall(r"\{([^}]*)\}", place) for place in (base, head))
    return {was: now for was, now in zip(old, new, strict=False) if was != now} if len(old) == len(new) else {}


def _demanded(was: bool, now: bool) -> tuple[str, str]:  # noqa: FBT001 - both sides of one thing
    """Whether something must be there, in words: true and false would read as its value."""
    return ("required" if was else "optional"), ("required" if now else "optional")


def _tags(operation: dict[str, Any], place: str) -> list[str]:
    return [tag for tag in entries(operation, "tags", place) if isinstance(tag, str) and tag]


def _style(parameter: dict[str, Any], place: str) -> Any:
    return parameter.get("style", "form" if place in {"query", "cookie"} else "simple")


def _single(schema: Any) -> bool:
    """Whether no value of a schema has parts; one that does not say its type may take an array."""
    kinds = schema.get("type") if isinstance(schema, dict) else None
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return bool(kinds) and all(isinstance(kind, str) and kind in _SINGLE for kind in kinds)


def _schema_of(node: dict[str, Any], place: str) -> tuple[str, Any, str]:
    """Where below a node its schema is, the schema, and the media type if there is one."""
    if node.get("schema") is not None:
        return "/schema", node["schema"], ""
    for kind, media in members(node, "content", place).items():
        if isinstance(media, dict) and media.get("schema") is not None:
            return f"/content/{escaped(kind)}/schema", media["schema"], kind
    return "/schema", None, ""


def _without_name(parameter: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in parameter.items() if key != "name"}
