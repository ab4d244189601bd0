"""OData query composition: fields, conditions, sort keys, and the text they become.

Knows nothing of any service. Fields come from generated code; `parse` reads text into the same conditions.
"""

from moveworks.odata.catalogue import EntitySetInfo
from moveworks.odata.conditions import Condition, Predicate, all_of, any_of, not_
from moveworks.odata.expressions import (
    BooleanExpression,
    DateExpression,
    Expression,
    NumberExpression,
    TextExpression,
    TimestampExpression,
)
from moveworks.odata.fields import (
    BooleanField,
    CollectionField,
    EntityType,
    Field,
    NumberField,
    ObjectField,
    TextField,
    TimestampField,
)
from moveworks.odata.literals import Dialect
from moveworks.odata.order import OrderBy
from moveworks.odata.parse import parse, parse_order_by
from moveworks.odata.query import Query, compose
from moveworks.odata.raw import raw
from moveworks.odata.split import split_in
from moveworks.odata.tokens import ODataSyntaxError

__all__ = [
    "BooleanExpression",
    "BooleanField",
    "CollectionField",
    "Condition",
    "DateExpression",
    "Dialect",
    "EntitySetInfo",
    "EntityType",
    "Expression",
    "Field",
    "NumberExpression",
    "NumberField",
    "ODataSyntaxError",
    "ObjectField",
    "OrderBy",
    "Predicate",
    "Query",
    "TextExpression",
    "TextField",
    "TimestampExpression",
    "TimestampField",
    "all_of",
    "any_of",
    "compose",
    "not_",
    "parse",
    "parse_order_by",
    "raw",
    "split_in",
]
