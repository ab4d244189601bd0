"""Two whole documents: paths and what they hold, servers, security, callbacks and webhooks, components."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from scripts.differ.lifecycle import sunset_of, unstable
from scripts.differ.operations import OperationDiffer, Site
from scripts.differ.prose import changed_sentences
from scripts.differ.references import BadDocumentError, DifferError, component_schemas, entries, escaped, members
from scripts.differ.shapes import canonical

if TYPE_CHECKING:
    from scripts.differ.findings import Finding

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_SERVER: Final = re.compile(r"(\w+://[^/]*)?(.*)", re.DOTALL)


class Differ(OperationDiffer):
    """Compares two documents.

    Args:
        base: The old document, of OpenAPI 3.
        head: The new one.
        today: For sunset dates; by default today.

    Raises:
        DifferError: if one of them is none, or refers to something that is not in it.
    """

    def findings(self) -> list[Finding]:
        """All findings, in the order in which they were found."""
        try:
            return self._all()
        except RecursionError:
            raise BadDocumentError("one of the documents is nested too deep to be compared") from None
        except DifferError as error:
            raise type(error)(f"{self._culprit()}: {error}") from None

    def _culprit(self) -> str:
        """Which of the documents cannot be compared: the one that cannot even be compared with itself."""
        try:
            Differ(self._base, self._base)._all()  # noqa: SLF001 - one of its own class
        except DifferError:
            return "the base"
        return "the head"

    def _all(self) -> list[Finding]:
        self._servers()
        for section, prefix in (("paths", ""), ("webhooks", "webhook ")):
            self._inverted = bool(prefix)
            items = members(self._base, section, "#"), members(self._head, section, "#")
            self._paths(*items, (f"#/{section}", f"#/{section}"), prefix)
        self._inverted = False
        self._global_security(self._without_security)
        self._operation = ""
        self._components()
        self._spread()
        self._prose()
        return self._grouped()

    # the document

    def _servers(self) -> None:
        servers = [
            [each for each in entries(d, "servers", "#") if isinstance(each, dict)] for d in (self._base, self._head)
        ]
        split = [[_SERVER.fullmatch(str(each.get("url") or "")) for each in listed] for listed in servers]
        old, new = ({each[1] or each[0]: each[2].rstrip("/") for each in listed if each} for listed in split)
        paths = [sorted(set(each.values())) for each in (old, new)]
        if paths[0] != paths[1] and old and new:
            message = f"the base path changed from {', '.join(paths[0]) or '/'} to {', '.join(paths[1]) or '/'}"
            places = ("#/servers", "#/servers")
            self._note("api-base-path-changed", *places, paths[0], paths[1], message, "error", "behavioural")
        gone, come = ([origin for origin in one if origin not in other] for one, other in ((old, new), (new, old)))
        for origins, verb in ((gone, "removed"), (come, "added")):
            for origin in origins:
                index = list(old if verb == "removed" else new).index(origin)
                place, shown = f"#/servers/{index}", origin + (old if verb == "removed" else new)[origin]
                message = f"the server {shown} was {verb}"
                if verb == "removed":
                    self._note("api-server-removed", place, None, shown, None, message, "warning", "behavioural")
                else:
                    self._note("api-server-added", None, place, None, shown, message, "info", "additive")
        for index, server in enumerate(servers[0]):
            other = next((i for i, each in enumerate(servers[1]) if each.get("url") == server.get("url")), None)
            if other is not None:
                was, now = server.get("variables"), servers[1][other].get("variables")
                if canonical(was) != canonical(now):
                    places = (f"#/servers/{index}/variables", f"#/servers/{other}/variables")
                    message = f"the variables of the server {server.get('url')} changed"
                    self._note("api-server-variables-changed", *places, was, now, message, "warning", "behavioural")

    def _prose(self) -> None:
        """Sentences of descriptions that promise or demand something else now, each once wherever it stands."""
        self._operation = ""
        for before, after, places in changed_sentences(self._base, self._head):
            more = f", and in {len(places) - 1} more places" if len(places) > 1 else ""
            verb = "changed" if before and after else "was added" if after else "is gone"
            message = f"a sentence {verb} at {places[0][0].removeprefix('#/')}{more}: {after or before}"
            self._note("description-changed", *places[0], before or None, after or None, message, "info", "docs")

    def _grouped(self) -> list[Finding]:
        """The findings, with one for what happened to several operations alike: a parameter, a header, an answer."""
        groups: dict[str, Finding] = {}
        for finding in self._found.values():
            tail = re.sub(r"^#/paths/[^/]+/\w+", "", finding.place)
            alone = tail == finding.place
            same_thing = (finding.rule, finding.wire, finding.python, finding.message, finding.old, finding.new)
            key = repr(
                (finding.base, finding.head, finding.rule, finding.old, finding.new)
                if alone
                else (*same_thing, tail.rpartition("/")[0])
            )
            if key in groups:
                known = groups[key]
                known.reaches += [reach for reach in finding.reaches if reach not in known.reaches]
            else:
                groups[key] = finding
        return list(groups.values())

    def _components(self) -> None:
        self._security_schemes()
        old, new = component_schemas(self._base), component_schemas(self._head)
        gone = [name for name in old if name not in new and name not in self._renamed]
        come = [name for name in new if name not in old]
        if not gone or not come:
            return
        named = {self._head_shapes.of(new[name]): name for name in come}
        for name in gone:
            other = named.get(self._base_shapes.of(old[name]))
            if other is not None:
                self._component_renamed(name, other)

    # paths

    def _paths(self, old: dict[str, Any], new: dict[str, Any], sections: tuple[str, str], prefix: str) -> None:
        both: list[tuple[Site, Site]] = []
        gone: list[Site] = []
        come: list[Site] = []
        matches = _matched_paths(old, new)
        for path, new_path in matches.items():
            was = {site.method: site for site in self._sites(self._base, path, old[path], sections[0])}
            now = {site.method: site for site in self._sites(self._head, new_path, new[new_path], sections[1])}
            both += [(site, now[method]) for method, site in was.items() if method in now]
            gone += [site for method, site in was.items() if method not in now]
            come += [site for method, site in now.items() if method not in was]
        for path, item in old.items():
            if path not in matches:
                gone += self._sites(self._base, path, item, sections[0])
        for path, item in new.items():
            if path not in matches.values():
                come += self._sites(self._head, path, item, sections[1])
        both += self._moved(gone, come, sections, prefix)
        # What an operation that promises nothing shares with others is compared for those.
        for before, after in sorted(both, key=lambda pair: unstable(pair[1].content)):
            self._operation_pair(before, after, prefix)
            self._callbacks(before, after)
        for site in gone:
            self._operation_removed(site, prefix, whole_path=site.path not in matches)
        for site in come:
            self._operation = f"{prefix}{site.method.upper()} {site.path}"
            rule = "webhook-added" if prefix else "endpoint-added"
            message = f"{self._operation} was added"
            self._note(rule, None, site.pointer, None, self._operation, message, "info", "additive")

    def _sites(self, document: dict[str, Any], path: str, item: Any, section: str) -> list[Site]:
        """The operations of a path."""
        place = f"{section}/{escaped(path)}"
        at, found = self._target(document, place, item)
        if isinstance(item, dict) and "$ref" in item and len(item) > 1:
            found = {**found, **{key: value for key, value in item.items() if key != "$ref"}}
        return [
            Site(path, method, found, at, self._target(document, f"{at}/{method}", found[method])[1])
            for method in METHODS
            if found.get(method) is not None
        ]

    def _callbacks(self, before: Site, after: Site) -> None:
        """Calls of theirs to us that follow from an operation."""
        was, now = (members(site.content, "callbacks", site.pointer) for site in (before, after))
        if not was and not now:
            return
        outer, self._inverted = self._inverted, True
        for name in dict.fromkeys([*was, *now]):
            places = tuple(f"{site.pointer}/callbacks/{escaped(name)}" for site in (before, after))
            base_at, old = self._target(self._base, places[0], was.get(name))
            head_at, new = self._target(self._head, places[1], now.get(name))
            self._paths(old, new, (base_at, head_at), f"callback {name} ")
        self._inverted = outer

    def _moved(
        self, gone: list[Site], come: list[Site], sections: tuple[str, str], prefix: str
    ) -> list[tuple[Site, Site]]:
        """Operations that have another path now: the same operationId, or the same content; taken out of both lists."""
        moves: list[tuple[Site, Site]] = []
        by_name = {(site.method, site.content["operationId"]): site for site in come if site.content.get("operationId")}
        for before in [*gone]:
            name = before.content.get("operationId")
            after = by_name.get((before.method, name)) if name else None
            if not name:
                same = canonical(before.content)
                after = next((s for s in come if s.method == before.method and canonical(s.content) == same), None)
            if after is not None and after in come:
                moves.append((before, after))
                gone.remove(before)
                come.remove(after)
        shifts = {_shift(before.path, after.path) for before, after in moves}
        if len(moves) > 1 and len(shifts) == 1:
            was, now = shifts.pop()
            message = f"{len(moves)} operations moved from {was or '/'} to {now or '/'}"
            self._operation = ""
            finding = self._note("api-path-prefix-changed", *sections, was, now, message, "error", "behavioural")
            finding.reaches += [f"{prefix}{after.method.upper()} {after.path}" for _, after in moves]
            return moves
        for before, after in moves:
            self._operation = f"{prefix}{after.method.upper()} {after.path}"
            message = f"{before.method.upper()} {before.path} moved to {after.path}"
            places = (before.pointer, after.pointer)
            self._note("api-path-moved", *places, before.path, after.path, message, "error", "behavioural")
        return moves

    def _operation_removed(self, site: Site, prefix: str, *, whole_path: bool) -> None:
        self._operation = f"{prefix}{site.method.upper()} {site.path}"
        subject = "api-path" if whole_path else "api"
        sunset = sunset_of(site.content)
        level, python = "error", "breaking-runtime"
        if prefix:
            rule = "webhook-removed"
        elif unstable(site.content):
            rule, level, python = f"{subject}-removed-without-deprecation", "info", "behavioural"
        elif site.content.get("deprecated") is not True:
            rule = f"{subject}-removed-without-deprecation"
        elif sunset is None and site.content.get("x-sunset") is not None:
            rule = "api-path-sunset-parse"
        elif sunset is not None and sunset > self._today:
            rule = f"{subject}-removed-before-sunset"
        else:
            # It was announced.
            rule, level, python = f"{subject}-removed-with-deprecation", "info", "behavioural"
        message = f"{self._operation} was removed"
        self._note(rule, site.pointer, None, self._operation, None, message, level, python)


def _matched_paths(old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """Paths of the base, with those of the head that are the same but for the names of their parameters."""
    shapes = {_shape(path): path for path in new if path not in old}
    matched = {path: path if path in new else shapes.pop(_shape(path), None) for path in old}
    return {before: after for before, after in matched.items() if after is not None}


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _shift(old: str, new: str) -> tuple[str, str]:
    """What differs at the front of two paths."""
    left, right = old.split("/"), new.split("/")
    while left and right and left[-1] == right[-1]:
        left.pop()
        right.pop()
    return "/".join(left), "/".join(right)
