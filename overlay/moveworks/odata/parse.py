"""Reads OData text into the same trees that the builder makes: the inverse of `str()`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn

from dateutil import parser as dateutil_parser

from moveworks.odata.conditions import Predicate, all_of, any_of, not_
from moveworks.odata.fields import CollectionField, unknown_field
from moveworks.odata.functions import FUNCTIONS, result_kind
from moveworks.odata.literals import LITERALS, to_milliseconds
from moveworks.odata.nodes import Arithmetic, Call, Compare, In, Lambda, Literal, Negate, Node, Path
from moveworks.odata.order import OrderBy
from moveworks.odata.tokens import ODataSyntaxError, Token, tokens

if TYPE_CHECKING:
    from moveworks.odata.fields import EntityType

DEEPEST: Final = 100  # counts parentheses and operators; Python allows some 1,000 calls
COMPARISONS: Final = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})
ADDING: Final = frozenset({"add", "sub"})
MULTIPLYING: Final = frozenset({"mul", "div", "divby", "mod"})


def parse(text: str, entity: type[EntityType] | None = None) -> Predicate:
    """Read a filter.

    Args:
        text: OData text, in the service's dialect or in the standard's.
        entity: If given, names are checked against its fields, and literals against their kinds; quoted times on
            timestamp fields become datetimes.

    Raises:
        ODataSyntaxError: with the position, a caret under it, and a suggestion where there is a near name.
    """
    reader = _Reader(text, entity)
    node, kind = reader.disjunction()
    reader.expect_end()
    if kind not in {"boolean", None}:
        raise ODataSyntaxError("a filter must be true or false; compare this value with something", text, 0)
    return Predicate(node)


def parse_order_by(text: str, entity: type[EntityType] | None = None) -> tuple[OrderBy, ...]:
    """Read sort keys, such as `created_time desc,id`.

    Raises:
        ODataSyntaxError: as `parse`.
    """
    reader = _Reader(text, entity)
    keys: list[OrderBy] = []
    while True:
        node, kind = reader.sum()
        if kind in {"object", "collection"}:
            raise ODataSyntaxError("an object or a collection has no order", text, 0)
        direction = reader.take_word("asc", "desc")
        keys.append(OrderBy(node, descending=direction == "desc"))
        if not reader.take(","):
            reader.expect_end()
            return tuple(keys)


Typed = tuple[Node, str | None]
"""A node and the kind of its value; None where it is not known."""


class _Reader:
    """Recursive descent over the standard's precedence, from `or` down to a primary."""

    def __init__(self, text: str, entity: type[EntityType] | None) -> None:
        if not isinstance(text, str):
            raise TypeError(f"OData text is needed, not {type(text).__name__}")
        self.text = text
        self.tokens = list(tokens(text))
        self.index = 0
        self.entity = entity
        self.depth = 0
        self.variables: dict[str, Any] = {}

    # tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def take(self, mark: str) -> Token | None:
        token = self.token
        if token.kind == "mark" and token.text == mark:
            self.index += 1
            return token
        return None

    def take_word(self, *words: str) -> str | None:
        token = self.token
        if token.kind == "name" and token.text.lower() in words:
            self.index += 1
            return token.text.lower()
        return None

    def expect(self, mark: str) -> None:
        if not self.take(mark):
            self.fail(f"{mark!r} is expected here, not {self.token.text or 'the end'}")

    def expect_end(self) -> None:
        if self.token.kind != "end":
            self.fail(f"unexpected {self.token.text}; an operator such as eq, and, or is missing before it")

    def fail(self, reason: str, at: Token | None = None) -> NoReturn:
        raise ODataSyntaxError(reason, self.text, (at or self.token).position)

    def condition(self, typed: Typed, at: Token) -> Predicate:
        node, kind = typed
        if kind not in {"boolean", None}:
            self.fail("a condition is needed here, and this is a value; compare it with something", at)
        return Predicate(node)

    # precedence, loosest first

    def disjunction(self) -> Typed:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail("nested too deeply")
        at = self.token
        first = self.conjunction()
        if self.token.text.lower() == "or" and self.token.kind == "name":
            items = [self.condition(first, at)]
            while self.take_word("or"):
                at = self.token
                items.append(self.condition(self.conjunction(), at))
            first = any_of(items).node, "boolean"
        self.depth -= 1
        return first

    def conjunction(self) -> Typed:
        at = self.token
        first = self.comparison()
        if self.token.text.lower() == "and" and self.token.kind == "name":
            items = [self.condition(first, at)]
            while self.take_word("and"):
                at = self.token
                items.append(self.condition(self.comparison(), at))
            first = all_of(items).node, "boolean"
        return first

    def comparison(self) -> Typed:
        at = self.token
        left = self.sum()
        if self.take_word("in"):
            return self.membership(left)
        operator = self.take_word(*COMPARISONS)
        if operator is None:
            return left
        right_at = self.token
        right = self.sum()
        if self.token.kind == "name" and self.token.text.lower() in COMPARISONS:
            self.fail("comparisons do not chain; join two with and")
        return Compare(operator, *self.matched(left, right, operator, at, right_at)), "boolean"

    def membership(self, left: Typed) -> Typed:
        self.expect("(")
        values: list[Literal] = []
        while True:
            at = self.token
            node, kind = self.sum()
            if not isinstance(node, Literal):
                self.fail("only literals can stand in a list", at)
            values.append(self.as_kind(node, kind, left[1], "eq", at))
            if not self.take(","):
                break
        self.expect(")")
        return In(left[0], tuple(dict.fromkeys(values))), "boolean"

    def sum(self) -> Typed:
        return self.arithmetic(self.product, ADDING)

    def product(self) -> Typed:
        return self.arithmetic(self.unary, MULTIPLYING)

    def arithmetic(self, operand: Any, operators: frozenset[str]) -> Typed:
        at = self.token
        node, kind = operand()
        while operator := self.take_word(*operators):
            self.number(kind, at)
            at = self.token
            right, right_kind = operand()
            self.number(right_kind, at)
            node, kind = Arithmetic(operator, node, right), "number"
        return node, kind

    def number(self, kind: str | None, at: Token) -> None:
        if kind not in {"number", None}:
            self.fail(f"arithmetic needs numbers, and this is a {kind}", at)

    def unary(self) -> Typed:
        at = self.token
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail("nested too deeply")
        try:
            if self.take_word("not"):
                operand_at = self.token
                return not_(self.condition(self.unary(), operand_at)).node, "boolean"
            if self.take("-"):
                following = self.token
                if following.kind == "number" and following.position == at.position + 1:
                    self.index += 1
                    value = _number(following.text)
                    return Literal(-value), "number"
                node, kind = self.unary()
                self.number(kind, following)
                return Negate(node), "number"
            return self.primary()
        finally:
            self.depth -= 1

    # primaries

    def primary(self) -> Typed:
        token = self.token
        if self.take("("):
            inner = self.disjunction()
            self.expect(")")
            return inner
        self.index += 1
        match token.kind:
            case "text":
                return Literal(token.text[1:-1].replace("''", "'")), "text"
            case "number":
                return Literal(_number(token.text)), "number"
            case "time":
                return Literal(self.time(token.text, token)), "timestamp"
            case "date":
                return Literal(self.day(token.text, token)), "date"
            case "name":
                return self.named(token)
        self.index -= 1
        self.fail("a value is expected here" if token.text else "the text ends where a value is expected")

    def named(self, token: Token) -> Typed:
        following = self.token
        if following.kind == "mark" and following.text == "(":
            return self.call(token)
        constants: dict[str, Typed] = {
            "null": (Literal(None), "null"),
            "true": (Literal(value=True), "boolean"),
            "false": (Literal(value=False), "boolean"),
        }
        if token.text.lower() in constants and not (following.kind == "mark" and following.text == "/"):
            return constants[token.text.lower()]
        return self.path(token)

    def call(self, token: Token) -> Typed:
        name = token.text.lower()
        if name not in FUNCTIONS:
            import difflib

            near = difflib.get_close_matches(name, FUNCTIONS, n=1)
            self.fail(f"there is no function {token.text}" + (f"; did you mean {near[0]}?" if near else ""), token)
        self.expect("(")
        arguments: list[Node] = []
        kinds = FUNCTIONS[name].parameters
        while not self.take(")"):
            at = self.token
            node, kind = self.disjunction()
            wanted = kinds[len(arguments)] if len(arguments) < len(kinds) else None
            if kind is not None and wanted is not None and kind != wanted:
                node = self.converted(node, kind, wanted, at)
            arguments.append(node)
            if not self.take(","):
                self.expect(")")
                break
        least = FUNCTIONS[name].required
        if not least <= len(arguments) <= len(kinds):
            self.fail(f"{name} takes {least} to {len(kinds)} arguments, not {len(arguments)}", token)
        return Call(name, tuple(arguments)), result_kind(name)

    def converted(self, node: Node, kind: str, wanted: str, at: Token) -> Node:
        if not isinstance(node, Literal):
            self.fail(f"this is a {kind}, and a {wanted} is needed", at)
        return self.as_kind(node, kind, wanted, "eq", at)

    def path(self, token: Token) -> Typed:
        known = token.text in self.variables
        segments = [token.text]
        declared: Any = self.variables.get(token.text) if known else self.field(self.entity, token)
        while self.take("/"):
            part = self.token
            if part.kind != "name":
                self.fail("the name of a property is expected after /")
            self.index += 1
            if part.text in {"any", "all"} and self.token.text == "(":
                return self.quantified(tuple(segments), part.text, declared)
            segments.append(part.text)
            declared = self.field(declared, part)
        kind = None if declared is None else declared.kind
        return Path(tuple(segments)), kind

    def field(self, declared: Any, token: Token) -> Any:
        if declared is None:
            return None
        fields = declared.fields() if hasattr(declared, "fields") else {}
        if token.text not in fields:
            if not fields:
                self.fail(f"{token.text} cannot stand here: what is before it is not an object", token)
            self.fail(unknown_field(token.text, declared if isinstance(declared, type) else type(declared)), token)
        return fields[token.text]

    def quantified(self, segments: tuple[str, ...], kind: str, declared: Any) -> Typed:
        if declared is not None and not isinstance(declared, CollectionField):
            self.fail(f"{'/'.join(segments)} is not a collection")
        self.expect("(")
        if self.take(")"):
            if kind == "all":
                self.fail("all() needs a condition, such as all(e:e eq 'a')")
            return Lambda(kind, Path(segments), "", None), "boolean"
        variable = self.token
        if variable.kind != "name":
            self.fail("the name of a variable is expected here, as in any(e:e eq 'a')")
        self.index += 1
        self.expect(":")
        outer = dict(self.variables)
        self.variables[variable.text] = None if declared is None else declared.element(variable.text)
        at = self.token
        body = self.condition(self.disjunction(), at)
        self.variables = outer
        self.expect(")")
        return Lambda(kind, Path(segments), variable.text, body.node), "boolean"

    # literals against the kind of the other side

    def matched(self, left: Typed, right: Typed, operator: str, at: Token, right_at: Token) -> tuple[Node, Node]:
        (left_node, left_kind), (right_node, right_kind) = left, right
        for kind, place in ((left_kind, at), (right_kind, right_at)):
            if kind == "collection":
                self.fail("a collection cannot be compared; use any(...) or all(...)", place)
        if "object" in {left_kind, right_kind} and "null" not in {left_kind, right_kind}:
            self.fail("an object can only be compared with null; name one of its properties", at)
        if "null" in {left_kind, right_kind} and operator not in {"eq", "ne"}:
            self.fail(f"null has no order, so {operator} cannot be used with it; use eq or ne")
        if isinstance(right_node, Literal):
            right_node = self.as_kind(right_node, right_kind, left_kind, operator, right_at)
        elif isinstance(left_node, Literal):
            mirrored = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}.get(operator, operator)
            left_node = self.as_kind(left_node, left_kind, right_kind, mirrored, at)
        elif left_kind and right_kind and left_kind != right_kind:
            self.fail(f"a {left_kind} cannot be compared with a {right_kind}", at)
        return left_node, right_node

    def as_kind(self, literal: Literal, kind: str | None, wanted: str | None, operator: str, at: Token) -> Literal:
        if kind == "null" or wanted in {None, "object", "null"}:
            return literal
        assert wanted is not None
        value: object = literal.value
        if isinstance(value, str) and wanted == "timestamp":
            value = self.time(value, at)
        elif isinstance(value, str) and wanted == "date":
            value = self.day(value, at)
        try:
            return to_milliseconds(LITERALS[wanted](value, "this property"), operator, "this property")
        except (TypeError, ValueError) as error:
            self.fail(str(error), at)

    def time(self, text: str, at: Token) -> datetime:
        try:
            value = dateutil_parser.isoparse(text)
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is not a time; write it as 2026-01-31T12:00:00.000Z", at)
        if value.tzinfo is None:
            self.fail(f"{text!r} has no time zone; add Z for UTC", at)
        return value.astimezone(UTC)

    def day(self, text: str, at: Token) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is not a date; write it as 2026-01-31", at)


def _number(text: str) -> int | float | Decimal:
    if text.isdigit():
        return int(text)
    return float(text) if "e" in text.lower() else Decimal(text)
