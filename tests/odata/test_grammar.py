"""What is rendered is in the language of the standard, after transport, and is read back as the same tree."""

from __future__ import annotations

import re
from urllib.parse import unquote

import oasis
import pytest
from conditions import TEXTS, pairs
from hypothesis import HealthCheck, given, settings
from odatapy.server.uri.expression_parser import ExpressionParser

from moveworks import odata
from moveworks.odata import Dialect
from moveworks.odata.encoding import percent_encoded
from moveworks.records import Conversation as C
from moveworks_export.entities import ENTITY_SETS

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(pairs())
@SLOW
def test_what_is_sent_is_in_the_standards_language_and_decodes_to_the_same_text(pair):
    """In both dialects: pure ASCII, no ambiguous character, and accepted by the rules of the OASIS grammar."""
    name, condition, _ = pair
    for dialect in Dialect:
        query = odata.compose(ENTITY_SETS[name].entity, filter=condition).to_query_string(dialect)
        sent = query.removeprefix("$filter=") or "true"  # what is always true is no filter
        assert re.fullmatch(r"(?:[A-Za-z0-9._~(),:/'*-]|%[0-9A-F]{2})*", sent)
        assert unquote(sent, errors="strict") == condition.to_odata(dialect)
        assert oasis.is_filter(sent), sent


@given(pairs())
@SLOW
def test_parsing_is_the_inverse_of_printing(pair):
    """The text of either dialect gives the same tree, which prints the same."""
    name, condition, _ = pair
    for dialect in Dialect:
        text = condition.to_odata(dialect)
        read = odata.parse(text, ENTITY_SETS[name].entity)
        assert read.node == condition.node
        assert read.to_odata(dialect) == text


@given(pairs())
@SLOW
def test_an_independent_parser_accepts_both_dialects(pair):
    """odatapy, which knows nothing of us, parses what is rendered."""
    for dialect in Dialect:
        assert ExpressionParser.parse_string(pair[1].to_odata(dialect), strict=False) is not None


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("(route eq 'a') eq true", "(route eq 'a') eq true"),
        ("route in ('a') eq true", "(route in ('a')) eq true"),
        ("true eq (route in ('a'))", "true eq (route in ('a'))"),
        ("not route in ('a')", "not route in ('a')"),
        ("((not((route eq 'a'))))", "not (route eq 'a')"),
        ("(route eq 'a' and (id eq 'b')) and id eq 'c'", "route eq 'a' and id eq 'b' and id eq 'c'"),
        ("-(-length(route)) gt -(5)", "length(route) gt -5"),
        ("-length(route) mul 2 gt --5", "-length(route) mul 2 gt 5"),
        ("route  EQ\t'a'  AND  not contains( route , 'b' )", "route eq 'a' and not contains(route,'b')"),
        ("route in ()", "false"),
    ],
)
def test_text_of_others_prints_with_the_fewest_parentheses_that_the_grammar_allows(text, printed):
    """A second reading changes nothing."""
    read = odata.parse(text, C)
    assert str(read) == printed
    assert odata.parse(printed, C) == read
    assert oasis.is_filter(percent_encoded(printed))


@given(TEXTS)
@SLOW
def test_bound_values_of_raw_are_literals(value):
    """What is bound can never change the condition."""
    assert odata.parse(str(odata.raw("route eq {value}", value=value)), C) == (C.route == value)


@pytest.mark.parametrize("keys", ["route", "created_time desc,id", "tolower(detail/domain) desc", "length(id) mul 2"])
def test_sort_keys_parse_and_print(keys):
    """Inverse of each other, and in the standard's language."""
    read = odata.parse_order_by(keys, entity=C)
    assert ",".join(str(key) for key in read) == keys
    assert oasis.is_order(percent_encoded(keys))


@pytest.mark.parametrize(
    "text",
    ["a%20eq%20'x/y'", "a%20eq%20'x", "a%20eq%201e+5", "a%20eq%201.", "a%20in%20('x')%20eq%20true", "f(a)"],
)
def test_the_judge_refuses_what_is_not_in_the_language(text):
    """A judge that accepts everything would be none."""
    assert not oasis.is_filter(text)
