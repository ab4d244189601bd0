"""Whether the value of a query option is in the language of the OASIS grammar (OData 4.01, ABNF construction rules).

Written from the rules for expressions and literals, over the text as it stands in an address; percent-encoding has to
be normalised (RFC 3986, 6.2.2.2), which ours is. Where a rule takes a character encoded or not, so does this.
"""

from __future__ import annotations

import re

RWS = r"(?:%20|%09)+"
BWS = r"(?:%20|%09)*"
QUOTE = r"(?:'|%27)"
SIGN = r"(?:-|%2B)?"
DATE = r"-?(?:0\d{3}|[1-9]\d{3,})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
HOUR, MINUTE = r"(?:[01]\d|2[0-3])", r"[0-5]\d"
LITERAL = re.compile(
    rf"""(?:null|true|false)(?![A-Za-z0-9_/(])
    | {QUOTE}(?:{QUOTE}{QUOTE}|[A-Za-z0-9\-._~!()*+,;$&=:@]|%(?!27)[0-9A-F]{{2}})*{QUOTE}(?!{QUOTE})
    | {DATE}T{HOUR}(?::|%3A){MINUTE}(?:(?::|%3A)(?:{MINUTE}|60)(?:\.\d{{1,12}})?)?(?:Z|(?:-|%2B){HOUR}(?::|%3A){MINUTE})
    | {DATE}(?!\w)
    | {SIGN}\d+(?:\.\d+)?(?:[eE]{SIGN}\d+)?(?![\w.])
    """,
    re.VERBOSE | re.ASCII,
)
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}(?![A-Za-z0-9_])")
WORD = re.compile(rf"{RWS}(\w+){RWS}")
ARITHMETIC = {"add", "sub", "mul", "div", "divby", "mod"}
COMPARISONS = {"eq", "ne", "lt", "le", "gt", "ge", "in"}
LOGICAL = {"and", "or"}
ARGUMENTS = {
    **dict.fromkeys(["contains", "startswith", "endswith", "indexof", "concat"], (2, 2)),
    **dict.fromkeys(["tolower", "toupper", "trim", "length"], (1, 1)),
    **dict.fromkeys(["year", "month", "day", "hour", "minute", "second", "date"], (1, 1)),
    "substring": (2, 3),
}


def is_filter(text: str) -> bool:
    """`boolCommonExpr`."""
    return _whole(text, _common)


def is_order(text: str) -> bool:
    """`orderbyItem *( COMMA orderbyItem )`."""

    def items(text: str, at: int) -> int:
        while True:
            at = _common(text, at)
            at = _after(text, at, rf"(?:{RWS}(?:asc|desc))?")
            if not (comma := re.compile(",|%2C").match(text, at)):
                return at
            at = comma.end()

    return _whole(text, items)


class _NoMatchError(Exception):
    pass


def _whole(text, rule):
    try:
        return rule(text, 0) == len(text)
    except _NoMatchError:
        return False


def _after(text, at, pattern):
    found = re.compile(pattern).match(text, at)
    if found is None:
        raise _NoMatchError
    return found.end()


def _common(text, at):
    """An operand, then at most one arithmetic, one comparing and one logical operator, each before a `commonExpr`."""
    at = _operand(text, at)
    for operators in (ARITHMETIC, COMPARISONS, LOGICAL):
        word = WORD.match(text, at)
        if word and word.group(1) in operators:
            at = _list(text, word.end()) if word.group(1) == "in" else _common(text, word.end())
    return at


def _list(text, at):
    at = _after(text, at, rf"(?:\(|%28){BWS}")
    while True:
        literal = LITERAL.match(text, at)
        at = _after(text, literal.end() if literal else -1, BWS)
        if close := re.compile(r"\)|%29").match(text, at):
            return close.end()
        at = _after(text, at, rf"(?:,|%2C){BWS}")


def _operand(text, at):
    if found := LITERAL.match(text, at):
        return found.end()
    if found := re.compile(rf"(?:\(|%28){BWS}").match(text, at):
        return _after(text, _common(text, found.end()), rf"{BWS}(?:\)|%29)")
    if found := re.compile(rf"-{BWS}|not{RWS}").match(text, at):
        return _common(text, found.end())
    if (found := NAME.match(text, at)) is None:
        raise _NoMatchError
    if (bounds := ARGUMENTS.get(found.group())) and text[found.end() : found.end() + 1] == "(":
        return _arguments(text, found.end() + 1, *bounds)
    at = found.end()
    while text[at : at + 1] == "/":
        found = NAME.match(text, at + 1)
        if found is None:
            raise _NoMatchError
        at = found.end()
        if found.group() in {"any", "all"} and text[at : at + 1] == "(":
            return _lambda(text, at + 1, empty=found.group() == "any")
    return at


def _arguments(text, at, least, most):
    for count in range(1, most + 1):
        at = _after(text, _common(text, _after(text, at, BWS)), BWS)
        if count >= least and text[at : at + 1] == ")":
            return at + 1
        at = _after(text, at, ",|%2C")
    raise _NoMatchError


def _lambda(text, at, *, empty):
    at = _after(text, at, BWS)
    if empty and text[at : at + 1] == ")":
        return at + 1
    at = _after(text, at, rf"{NAME.pattern}{BWS}(?::|%3A){BWS}")
    return _after(text, _common(text, at), rf"{BWS}\)")
