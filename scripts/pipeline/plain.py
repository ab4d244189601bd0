"""YAML 1.2 and JSON text as plain values: objects with text as keys, lists, text, numbers, true, false and null."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

import yaml

Json = Any
MAX_VALUES: Final = 500_000
MAX_DEPTH: Final = 200
MAX_BITS: Final = 1024


class DocumentError(Exception):
    """A document that cannot be used; the message names it and says what to do."""


class _Loader(yaml.CSafeLoader):
    """Reads plain scalars as YAML 1.2 does."""


def _integer(loader: _Loader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 0) if text[:2] in {"0x", "0o"} else int(text)


def _number(loader: _Loader, node: yaml.ScalarNode) -> float:
    return float(re.sub(r"\.(inf|nan)$", r"\1", str(loader.construct_scalar(node)).lower()))


def _text(loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


# YAML 1.1, which PyYAML knows, reads `no` as false, `12:30` as 750 and `2026-01-01` as a date, and `1e3` as text.
# These are the rules of the core schema of YAML 1.2 (section 10.3.2), and `<<`.
_CORE: Final = (
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
    ("merge", r"<<", "<"),
)
_Loader.yaml_implicit_resolvers = {}
for _kind, _pattern, _first in _CORE:
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), [c.strip("\0") for c in _first]
    )
_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)
_Loader.add_constructor("tag:yaml.org,2002:merge", _text)


class _Dumper(yaml.SafeDumper):
    """Quotes what either version of YAML would read as something else than text."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - as in PyYAML
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        # PyYAML folds these as line breaks, and YAML 1.2 does not read them as such.
        quoted = None if data.isascii() or not re.search("[\x85\u2028\u2029]", data) else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=quoted)


_Dumper.add_representer(str, _Dumper.represent_str)
_Dumper.yaml_implicit_resolvers = {first: [*rules] for first, rules in yaml.SafeDumper.yaml_implicit_resolvers.items()}
for _kind, _pattern, _first in _CORE:
    _Dumper.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), [c.strip("\0") for c in _first]
    )


def load_yaml(name: str, text: str) -> Json:
    """YAML or JSON text as plain values that share nothing.

    Raises:
        DocumentError: if it is neither, or a key stands twice, or it holds what JSON cannot, or it is absurdly large.
    """
    try:
        # JSON is not quite a subset of what PyYAML reads: escaped emoji and tabs are not.
        loaded = json.loads(text, object_pairs_hook=_object) if text.lstrip()[:1] in {"{", "["} else _yaml(text)
    except json.JSONDecodeError as error:
        loaded = _flow(name, text, error)
    except yaml.YAMLError as error:
        raise DocumentError(f"{name}: not valid YAML or JSON: {error}") from None
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{name}: cannot be read: {error}") from None
    try:
        return _Plain().value(loaded, 0)
    except ValueError as error:
        raise DocumentError(f"{name}: {error}") from None


def _flow(name: str, text: str, as_json: json.JSONDecodeError) -> Json:
    try:
        return _yaml(text)
    except (yaml.YAMLError, ValueError):
        raise DocumentError(f"{name}: not valid YAML or JSON: {as_json}") from None


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    content: dict[str, Json] = {}
    for key, value in pairs:
        if key in content:
            raise ValueError(f"the key {key!r} stands twice")
        content[key] = value
    return content


def _yaml(text: str) -> Json:
    depth = 0
    # PyYAML composes recursively in C, which ends in a crash of the interpreter and not in an error.
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ValueError(f"it is nested more than {MAX_DEPTH} levels deep")
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _refuse_bombs(node)
        _refuse_twins(node, set())
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _refuse_bombs(root: yaml.Node) -> None:
    """Refuse a text whose aliases stand for more than we read, before they are expanded; one that holds itself as well.

    Raises:
        ValueError: with the line.
    """
    sizes: dict[int, int] = {}
    waiting: list[tuple[yaml.Node, bool]] = [(root, False)]
    while waiting:
        node, counted = waiting.pop()
        inside = () if isinstance(node, yaml.ScalarNode) else node.value
        inner = [each for pair in inside for each in (pair if isinstance(pair, tuple) else (pair,))]
        if counted:
            sizes[id(node)] = 1 + sum(sizes[id(each)] for each in inner)
            if sizes[id(node)] > MAX_VALUES:
                line = node.start_mark.line + 1
                raise ValueError(f"line {line} stands for more than {MAX_VALUES} values, with all its aliases")
        elif id(node) not in sizes:
            sizes[id(node)] = MAX_VALUES + 1  # until it is counted: what holds itself is too large
            waiting.append((node, True))
            waiting += [(each, False) for each in inner]


def _refuse_twins(node: yaml.Node, seen: set[int]) -> None:
    """Refuse a key that stands twice, of which the last would win in silence, and keys that are not text."""
    if id(node) in seen or isinstance(node, yaml.ScalarNode):
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            _refuse_twins(entry, seen)
        return
    keys: set[tuple[str, str]] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key must be text", key.start_mark)
        if (key.tag, key.value) in keys:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key.value!r} stands twice", key.start_mark)
        keys.add((key.tag, key.value))
        _refuse_twins(value, seen)


class _Plain:
    """Copies what was read: without shared parts (YAML's aliases), which a correction of one would change together."""

    def __init__(self) -> None:
        self._values = 0

    def value(self, value: Json, depth: int) -> Json:
        self._values += 1
        if depth > MAX_DEPTH or self._values > MAX_VALUES:
            raise ValueError(f"it holds more than {MAX_VALUES} values, or more than {MAX_DEPTH} levels, one in another")
        if isinstance(value, dict):
            named = {self._key(key): self.value(inner, depth + 1) for key, inner in value.items()}
            if len(named) < len(value):
                raise ValueError("a key stands twice, as text and as number")
            return named
        if isinstance(value, list):
            return [self.value(inner, depth + 1) for inner in value]
        if isinstance(value, str):
            if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
                raise ValueError("a text holds half of a character (a lone surrogate)")
            return value
        if isinstance(value, int) and value.bit_length() > MAX_BITS:
            raise ValueError(f"it holds a whole number of more than {MAX_BITS} bits")
        if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
            return value
        raise ValueError(f"it holds a {type(value).__name__} that JSON cannot have")

    def _key(self, key: Json) -> str:
        # Response codes are often written without quotes.
        return str(self.value(key, 0)) if isinstance(key, str) else json.dumps(key)


def dump_yaml(content: Json, header: str = "") -> str:
    """YAML that is the same everywhere and reads well in a diff: keys in their own order, one value a line."""
    body = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110, indent=2)
    return header + body
