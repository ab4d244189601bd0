"""The part of the differ that compares what a call must prove: requirements, scopes and schemes."""

from __future__ import annotations

from typing import Any, Final

from scripts.differ.keywords import moved
from scripts.differ.recorder import Recorder
from scripts.differ.references import entries, escaped, members
from scripts.differ.shapes import canonical

Requirement = dict[str, frozenset[str]]
# What of a scheme decides how a credential is sent, and how bad it is if that changes; the rest is told.
_WORDS: Final = {
    "type": "error",
    "scheme": "error",
    "in": "error",
    "name": "error",
    "openIdConnectUrl": "error",
    "bearerFormat": "info",
}


class SecurityDiffer(Recorder):
    """Compares security requirements, each of which is enough, and the schemes that they name."""

    def _security(self, before: dict[str, Any], after: dict[str, Any], base: str, head: str) -> None:
        """What an operation asks for, if it says so itself."""
        old = _requirements(before if "security" in before else self._base, base)
        new = self._as_before(_requirements(after if "security" in after else self._head, head))
        self._requirements(old, new, f"{base}/security", f"{head}/security", "api")

    def _global_security(self, operations: list[str]) -> None:
        """What the document asks for, once for all operations that ask for nothing of their own."""
        if operations and ("security" in self._base or "security" in self._head):
            old, new = _requirements(self._base, "#"), self._as_before(_requirements(self._head, "#"))
            known = len(self._found)
            self._operation = ""
            self._requirements(old, new, "#/security", "#/security", "api-global")
            for finding in [*self._found.values()][known:]:
                finding.reaches += operations

    def _requirements(self, old: list[Requirement], new: list[Requirement], base: str, head: str, rule: str) -> None:
        if sorted(map(_text, old)) == sorted(map(_text, new)):
            return
        shown = [_text(each) for each in old], [_text(each) for each in new]
        lost = [each for each in old if not any(_enough(each, other) for other in new)]
        if not lost:
            message = f"a call may also prove itself by {', '.join(t for t in shown[1] if t not in shown[0])}"
            if {} in new:
                message = "no credential is needed any more"
            name = f"{rule}-security-added" if {} not in new else f"{rule}-security-removed"
            if all(each.keys() in [other.keys() for other in old] for each in new):
                name, message = f"{rule}-security-scope-removed", "fewer scopes are needed now"
            self._note(name, base, head, *shown, message, "info", "additive")
            return
        name, message = f"{rule}-security-removed", f"{', '.join(map(_text, lost))} is not enough any more"
        if lost == [{}] and len(old) == 1:
            name, message = f"{rule}-security-added", "a credential is needed now"
        elif all(each.keys() in [other.keys() for other in new] for each in lost):
            name, message = f"{rule}-security-scope-added", f"more scopes are needed: {', '.join(shown[1])}"
        self._note(name, base, head, *shown, message, "error", "behavioural")

    def _new_names(self) -> dict[str, str]:
        """Schemes of the head that are one of the base under another name, with that name."""
        was, now = (
            members(members(d, "components", "#"), "securitySchemes", "#/components") for d in (self._base, self._head)
        )
        gone = {_essence(self._resolved(self._base, was[name])): name for name in was if name not in now}
        come = {name: _essence(self._resolved(self._head, now[name])) for name in now if name not in was}
        return {name: gone[essence] for name, essence in come.items() if essence in gone}

    def _as_before(self, requirements: list[Requirement]) -> list[Requirement]:
        """Requirements of the head with the names that the schemes had."""
        names = self._new_names()
        return [{names.get(name, name): scopes for name, scopes in each.items()} for each in requirements]

    def _security_schemes(self) -> None:
        kind = "securitySchemes"
        was, now = (members(members(d, "components", "#"), kind, "#/components") for d in (self._base, self._head))
        used = _used(self._base, set(was))
        renamed = self._new_names()
        for name in dict.fromkeys([*was, *now]):
            place = f"#/components/{kind}/{escaped(name)}"
            if name in renamed:
                message = f"the security scheme {renamed[name]} is called {name} now"
                old = f"#/components/{kind}/{escaped(renamed[name])}"
                self._note("api-security-component-renamed", old, place, renamed[name], name, message, "info", "docs")
            elif name in renamed.values():
                continue
            elif name not in now:
                message = f"the security scheme {name} was removed"
                self._note("api-security-component-removed", place, None, name, None, message, "info", "behavioural")
            elif name not in was:
                message = f"the security scheme {name} was added"
                self._note("api-security-component-added", None, place, None, name, message, "info", "additive")
            else:
                self._scheme(
                    name,
                    self._resolved(self._base, was[name]),
                    self._resolved(self._head, now[name]),
                    place,
                    name in used,
                )

    def _scheme(self, name: str, old: dict[str, Any], new: dict[str, Any], place: str, used: bool) -> None:  # noqa: FBT001
        for word, level in _WORDS.items():
            was, now = (
                str(each.get(word) or "").lower()
                if word == "scheme" or (word == "name" and each.get("in") == "header")
                else each.get(word)
                for each in (old, new)
            )
            if was != now:
                message = moved(f"{word} of the security scheme {name}", was or None, now or None)
                places = (f"{place}/{word}", f"{place}/{word}")
                rule = f"api-security-component-{word.replace('IdConnectUrl', '-id-connect-url').replace('Format', '-format')}-changed"
                self._note(rule, *places, was, now, message, level if used else "info", "behavioural")
        flows = members(old, "flows", place), members(new, "flows", place)
        for flow in dict.fromkeys([*flows[0], *flows[1]]):
            was, now = (each.get(flow) for each in flows)
            at = f"{place}/flows/{escaped(flow)}"
            if canonical(was) == canonical(now):
                continue
            if was is None or now is None or not isinstance(was, dict) or not isinstance(now, dict):
                verb, level = ("added", "info") if was is None else ("removed", "warning")
                message = f"the flow {flow} of the security scheme {name} was {verb}"
                rule = f"api-security-component-oauth-flow-{verb}"
                self._note(
                    rule, at, at, bool(was), bool(now), message, level, "behavioural" if now is None else "additive"
                )
                continue
            for word in ("authorizationUrl", "tokenUrl", "refreshUrl", "scopes"):
                if canonical(was.get(word)) != canonical(now.get(word)):
                    message = f"{word} of the flow {flow} of the security scheme {name} changed"
                    rule = f"api-security-component-oauth-{word.replace('Url', '-url').lower()}-changed"
                    places = (f"{at}/{word}", f"{at}/{word}")
                    level = "info" if word == "scopes" else "warning"
                    self._note(rule, *places, was.get(word), now.get(word), message, level, "behavioural")


def _requirements(node: dict[str, Any], place: str) -> list[Requirement]:
    """Alternatives, each a set of schemes with their scopes; none at all means that nothing is needed."""
    found = [
        {name: frozenset(map(str, scopes if isinstance(scopes, list) else [])) for name, scopes in each.items()}
        for each in entries(node, "security", place)
        if isinstance(each, dict)
    ]
    return found or [{}]


def _essence(scheme: dict[str, Any]) -> str:
    """What a scheme asks for, without what it is called and described as; names of headers know no case."""
    compared = {key: value for key, value in scheme.items() if key != "description"}
    if compared.get("in") == "header":
        compared["name"] = str(compared.get("name", "")).lower()
    return canonical({**compared, "scheme": str(compared.get("scheme", "")).lower()})


def _enough(old: Requirement, new: Requirement) -> bool:
    """Whether who fulfils the old requirement also fulfils the new one."""
    return all(name in old and scopes <= old[name] for name, scopes in new.items())


def _text(requirement: Requirement) -> str:
    named = (
        f"{name} ({', '.join(sorted(scopes))})" if scopes else name for name, scopes in sorted(requirement.items())
    )
    return " and ".join(named) or "nothing"


def _used(document: dict[str, Any], names: set[str]) -> set[str]:
    """Schemes that some requirement names."""
    found = {name for each in _requirements(document, "#") for name in each}
    for path, item in members(document, "paths", "#").items():
        for operation in item.values() if isinstance(item, dict) else ():
            if isinstance(operation, dict):
                found |= {name for each in _requirements(operation, f"#/paths/{path}") for name in each}
    return found & names
