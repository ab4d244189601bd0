"""Reads OData text into the same trees that the builder makes: the inverse of `str()`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final, NoReturn

from moveworks.odata.conditions import FALSE, Predicate, all_of, any_of, not_
from moveworks.odata.expressions import negated
from moveworks.odata.fields import CollectionField, Field, UnknownFieldError, find
from moveworks.odata.functions import FUNCTIONS
from moveworks.odata.kinds import Kind
from moveworks.odata.literals import literal_of, read_number, to_milliseconds
from moveworks.odata.nodes import DEEPEST, Arithmetic, Call, Compare, In, Lambda, Literal, Node, Path, too_deep
from moveworks.odata.operators import ADDITIVE, BINARY, COMPARISONS, HINTS, OR, UNARY
from moveworks.odata.order import OrderBy
from moveworks.odata.tokens import DATE, TIME, ODataSyntaxError, Token, tokens
from moveworks.text import did_you_mean, nearest

if TYPE_CHECKING:
    from moveworks.odata.fields import Declared, EntityType

_CONSTANTS: Final[dict[str, tuple[Literal, Kind]]] = {
    "null": (Literal(None), Kind.NULL),
    "true": (Literal(value=True), Kind.BOOLEAN),
    "false": (Literal(value=False), Kind.BOOLEAN),
}
_WORDS: Final = (*BINARY, "not")
_NESTED: Final = 2 * DEEPEST  # an operand in parentheses is nested twice: in them, and in its operator


def parse(text: str, entity: type[EntityType] | None = None) -> Predicate:
    """Read a filter.

    Args:
        text: OData text, in the service's dialect or in the standard's.
        entity: If given, names are checked against its fields, and literals against their kinds; quoted times on
            timestamp fields become datetimes.

    Raises:
        ODataSyntaxError: with the position, a caret under it, and a suggestion where there is a near name.
        TypeError: for anything but text.
    """
    reader = _Reader(text, entity)
    at = reader.token
    typed = reader.whole(reader.expression)
    reader.expect_end()
    return reader.condition(typed, at)


def parse_order_by(text: str, entity: type[EntityType] | None = None) -> tuple[OrderBy, ...]:
    """Read sort keys, such as `created_time desc,id`.

    Raises:
        ODataSyntaxError: as `parse`.
        TypeError: for anything but text.
    """
    reader = _Reader(text, entity)
    keys: list[OrderBy] = []
    while True:
        at = reader.token
        node, kind = reader.whole(reader.expression)
        if kind in {Kind.OBJECT, Kind.COLLECTION}:
            reader.fail(f"this is a property of kind {kind}, which has no order", at)
        direction = reader.take_word("asc", "desc")
        keys.append(OrderBy(node, descending=direction == "desc"))
        if not reader.take(","):
            reader.expect_end()
            return tuple(keys)


Typed = tuple[Node, Kind | None]
"""A node and the kind of its value; None where it is not known."""


class _Reader:
    """Climbs the standard's precedence: an operand, then every operator that binds at least as tightly as is asked."""

    def __init__(self, text: str, entity: type[EntityType] | None) -> None:
        if not isinstance(text, str):
            raise TypeError(f"OData text is needed, not {type(text).__name__}")
        self.text = text
        self.ahead = tokens(text)
        self.token = next(self.ahead)
        self.entity = entity
        self.nested = 0
        self.variables: dict[str, Field | None] = {}

    # tokens

    def next(self) -> Token:
        token = self.token
        self.token = next(self.ahead, token)
        return token

    def take(self, mark: str) -> bool:
        found = self.token.kind == "mark" and self.token.text == mark
        if found:
            self.next()
        return found

    def word(self) -> str:
        """The current token as an operator is compared: in lower case, and nothing if it is no name."""
        return self.token.text.lower() if self.token.kind == "name" else ""

    def take_word(self, *words: str) -> str:
        word = self.word()
        if word not in words:
            return ""
        self.next()
        return word

    def expect(self, mark: str) -> None:
        if not self.take(mark):
            if self.token.kind == "name" and self.text[: self.token.position].rstrip()[-1:] not in "(,:":
                self.unexpected()
            self.fail(f"{mark!r} is expected here, not {self.token.shown}")

    def expect_end(self) -> None:
        if self.token.kind != "end":
            self.unexpected()

    def unexpected(self) -> NoReturn:
        """Say what the current token is not, and what was perhaps meant."""
        hint = "an operator such as eq, and, or is missing before it"
        if self.text[: self.token.position].endswith("'"):
            hint = "a quote inside a text is written twice"
        elif self.word() in HINTS:
            hint = HINTS[self.word()]
        elif near := nearest(self.word(), _WORDS):
            hint = f"did you mean {near}?"
        self.fail(f"unexpected {self.token.shown}; {hint}")

    def fail(self, reason: str, at: Token | None = None) -> NoReturn:
        raise ODataSyntaxError(reason, self.text, (at or self.token).position)

    # expressions

    def whole(self, read: Any) -> Typed:
        """What `read` gives, if it is not nested more deeply than can be worked with."""
        at = self.token
        try:
            node, kind = read()
        except RecursionError:
            self.fail("nested too deeply")
        if too_deep(node):
            self.fail("nested too deeply", at)
        return node, kind

    def expression(self, least: int = OR) -> Typed:
        self.nested += 1
        if self.nested > _NESTED:
            self.fail("nested too deeply")
        at = self.token
        left = self.operand()
        while (level := BINARY.get(self.word(), -1)) >= least:
            operator = self.next().text.lower()
            if operator == "in":
                left = self.membership(left, at)
            elif operator in COMPARISONS:
                left = self.comparison(left, operator, at)
            elif operator in {"and", "or"}:
                left = self.joined(left, operator, level, at)
            else:
                self.number(left, at)
                right_at = self.token
                right = self.expression(level + 1)
                self.number(right, right_at)
                left = Arithmetic(operator, left[0], right[0]), Kind.NUMBER
        self.nested -= 1
        return left

    def joined(self, first: Typed, operator: str, level: int, at: Token) -> Typed:
        items = [self.condition(first, at)]
        while True:
            at = self.token
            items.append(self.condition(self.expression(level + 1), at))
            if not self.take_word(operator):
                return (all_of if operator == "and" else any_of)(items).node, Kind.BOOLEAN

    def comparison(self, left: Typed, operator: str, at: Token) -> Typed:
        right_at = self.token
        right = self.expression(ADDITIVE)
        if self.word() in COMPARISONS:
            self.fail("comparisons do not chain; join two with and, or put one in parentheses")
        return Compare(operator, *self.matched(left, right, operator, at, right_at)), Kind.BOOLEAN

    def membership(self, left: Typed, left_at: Token) -> Typed:
        if left[1] in {Kind.OBJECT, Kind.COLLECTION}:
            reason = "name one of its properties" if left[1] is Kind.OBJECT else "use any(...) with its elements"
            self.fail(f"a property of kind {left[1]} is not one of several values; {reason}", left_at)
        self.expect("(")
        values: list[Literal] = []
        while not self.take(")"):
            if values:
                self.expect(",")
            at = self.token
            node, kind = self.expression(ADDITIVE)
            if not isinstance(node, Literal):
                self.fail("only literals are allowed in a list", at)
            values.append(self.as_kind(node, kind, left[1], "eq", at))
        return (In(left[0], tuple(dict.fromkeys(values))) if values else FALSE), Kind.BOOLEAN

    def condition(self, typed: Typed, at: Token) -> Predicate:
        node, kind = typed
        if kind not in {Kind.BOOLEAN, None}:
            if self.word() in HINTS:
                self.unexpected()
            self.fail("a condition is needed here, and this is a value; compare it with something", at)
        return Predicate(node)

    def number(self, typed: Typed, at: Token) -> None:
        if typed[1] not in {Kind.NUMBER, None}:
            self.fail(f"arithmetic needs numbers, and this is a {typed[1]}", at)

    def operand(self) -> Typed:
        token = self.next()
        match token.kind:
            case "text":
                return Literal(token.text[1:-1].replace("''", "'")), Kind.TEXT
            case "number":
                return Literal(self.value(token, token.text)), Kind.NUMBER
            case "time":
                return Literal(self.time(token.text, token)), Kind.TIMESTAMP
            case "date":
                return Literal(self.day(token.text, token)), Kind.DATE
            case "name":
                return self.named(token)
            case "mark" if token.text == "(":
                inner = self.expression()
                self.expect(")")
                return inner
            case "mark" if token.text == "-":
                return self.minus(token)
        self.fail("a value is expected here" if token.text else "the text ends where a value is expected", token)

    def minus(self, token: Token) -> Typed:
        following = self.token
        if following.kind == "number" and following.position == token.position + 1:
            self.next()
            return Literal(self.value(following, "-" + following.text)), Kind.NUMBER
        operand = self.expression(UNARY)
        self.number(operand, following)
        return negated(operand[0]), Kind.NUMBER

    def named(self, token: Token) -> Typed:
        following, word = self.token, token.text.lower()
        if following.kind == "mark" and following.text == "(" and word != "not":
            return self.call(token)
        if following.kind == "mark" and following.text == "/":
            return self.path(token)
        if word == "not":
            return not_(self.condition(self.expression(UNARY), following)).node, Kind.BOOLEAN
        return _CONSTANTS.get(word) or self.path(token)

    def call(self, token: Token) -> Typed:
        name = token.text.lower()
        function = FUNCTIONS.get(name)
        if function is None:
            self.fail(f"there is no function {token.shown}{did_you_mean(name, FUNCTIONS)}", token)
        self.expect("(")
        arguments: list[Node] = []
        while not self.take(")"):
            if arguments:
                self.expect(",")
            at = self.token
            typed = self.expression()
            wanted = function.parameters[len(arguments)] if len(arguments) < len(function.parameters) else None
            arguments.append(self.argument(typed, wanted, at))
        least, most = function.required, len(function.parameters)
        if not least <= len(arguments) <= most:
            count = f"{least} argument{'s' * (least > 1)}" if least == most else f"{least} or {most} arguments"
            self.fail(f"{name} takes {count}, not {len(arguments)}", token)
        return Call(name, tuple(arguments)), function.result

    def argument(self, typed: Typed, wanted: Kind | None, at: Token) -> Node:
        node, kind = typed
        if kind == wanted or kind is None or wanted is None:
            return node
        if not isinstance(node, Literal):
            self.fail(f"this is a {kind}, and a {wanted} is needed", at)
        return self.as_kind(node, kind, wanted, "eq", at)

    # paths

    def path(self, token: Token) -> Typed:
        segments, places = [token.text], [token]
        while self.take("/"):
            part = self.next()
            if part.kind != "name":
                self.fail("the name of a property is expected after /", part)
            if part.text in {"any", "all"} and self.token.text == "(":
                return self.quantified(tuple(segments), part.text, self.declared(segments, places))
            segments.append(part.text)
            places.append(part)
        declared = self.declared(segments, places)
        kind = declared.kind if isinstance(declared, Field) else None
        return Path(tuple(segments)), kind

    def declared(self, segments: list[str], places: list[Token]) -> Declared | None:
        """What a path leads to; None where no entity type is known."""
        start: Declared | None = self.entity
        skip = 0
        if segments[0] in self.variables:
            start, skip = self.variables[segments[0]], 1
        if start is None:
            return None
        try:
            return find(start, segments[skip:])
        except UnknownFieldError as error:
            reason, place = str(error), places[error.place + skip]
        if not skip and place is places[0] and (near := nearest(segments[0], self.variables)):
            reason = f"there is no variable {place.shown}; did you mean {near}?"
        self.fail(reason, place)

    def quantified(self, segments: tuple[str, ...], kind: str, declared: Declared | None) -> Typed:
        if declared is not None and not isinstance(declared, CollectionField):
            self.fail(f"{'/'.join(segments)} is not a collection")
        self.expect("(")
        if self.take(")"):
            if kind == "all":
                self.fail("all() needs a condition, such as all(e:e eq 'a')")
            return Lambda(kind, Path(segments), "", None), Kind.BOOLEAN
        variable = self.next()
        if variable.kind != "name":
            self.fail("the name of a variable is expected here, as in any(e:e eq 'a')", variable)
        self.expect(":")
        outer = self.variables
        self.variables = {**outer, variable.text: None if declared is None else declared.element(variable.text)}
        at = self.token
        body = self.condition(self.expression(), at)
        self.variables = outer
        self.expect(")")
        return Lambda(kind, Path(segments), variable.text, body.node), Kind.BOOLEAN

    # literals against the kind of the other side

    def matched(self, left: Typed, right: Typed, operator: str, at: Token, right_at: Token) -> tuple[Node, Node]:
        (left_node, left_kind), (right_node, right_kind) = left, right
        for kind, place in ((left_kind, at), (right_kind, right_at)):
            if kind is Kind.COLLECTION:
                self.fail("a collection cannot be compared; use any(...) or all(...)", place)
            if kind is Kind.NULL and operator not in {"eq", "ne"}:
                self.fail(f"null has no order, so {operator} cannot be used with it; use eq or ne", place)
        if Kind.OBJECT in {left_kind, right_kind} and Kind.NULL not in {left_kind, right_kind}:
            place = at if left_kind is Kind.OBJECT else right_at
            self.fail("an object can only be compared with null; name one of its properties", place)
        if isinstance(right_node, Literal):
            right_node = self.as_kind(right_node, right_kind, left_kind, operator, right_at)
        elif isinstance(left_node, Literal):
            mirrored = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}.get(operator, operator)
            left_node = self.as_kind(left_node, left_kind, right_kind, mirrored, at)
        elif left_kind and right_kind and left_kind != right_kind:
            self.fail(f"a {left_kind} cannot be compared with a {right_kind}", right_at)
        return left_node, right_node

    def as_kind(self, literal: Literal, kind: Kind | None, wanted: Kind | None, operator: str, at: Token) -> Literal:
        if kind is Kind.NULL or wanted is None or wanted is Kind.NULL:
            return literal
        value: object = literal.value
        if isinstance(value, str) and wanted is Kind.TIMESTAMP:
            value = self.time(value, at)
        elif isinstance(value, str) and wanted is Kind.DATE:
            value = self.day(value, at)
        try:
            return to_milliseconds(literal_of(wanted, value, "this property"), operator, "this property")
        except (TypeError, ValueError) as error:
            self.fail(str(error), at)

    def value(self, at: Token, text: str) -> Any:
        try:
            return read_number(text)
        except ValueError as error:
            self.fail(str(error), at)

    def time(self, text: str, at: Token) -> datetime:
        if re.fullmatch(TIME, text):
            try:
                return datetime.fromisoformat(text).astimezone(UTC)
            except (ValueError, OverflowError):
                pass
        elif re.fullmatch(TIME, text + "Z"):
            self.fail("this time has no time zone; add Z for UTC", at)
        self.fail("this is not a time; write it as 2026-01-31T12:00:00.000Z", at)

    def day(self, text: str, at: Token) -> date:
        if re.fullmatch(DATE, text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass
        self.fail("this is not a date; write it as 2026-01-31", at)
