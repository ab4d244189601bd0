"""What made-up records hold follows the catalogue, whatever the spec says next."""

from __future__ import annotations

import random

import pytest
from moments import NOW

from moveworks.odata import (
    BooleanField,
    CollectionField,
    EntitySetInfo,
    EntityType,
    NumberField,
    ObjectField,
    TextField,
    TimestampField,
)
from moveworks.sandbox import generator as module
from moveworks.sandbox.conform import conform, fits
from moveworks.sandbox.generator import Generator
from moveworks.sandbox.makers import MAKERS
from moveworks_export.entities import ENTITY_SETS


def published(monkeypatch, name, entity):
    """Let the catalogue have one entity set."""
    info = EntitySetInfo(
        name=name, attribute=name, path=f"/{name}", entity=entity, operation="list", model="", options=("$filter",)
    )
    monkeypatch.setattr(module, "ENTITY_SETS", {name: info})
    return Generator(400, 1, NOW)


@pytest.mark.parametrize(
    "name", ["times", "value", "owner", "ids", "start", "block", "_value", "size", "maker", "again"]
)
def test_an_entity_set_may_be_called_as_anything_in_the_sandbox(monkeypatch, name):
    """Makers stand in a table."""

    class Thing(EntityType):
        id = TextField("id")

    rows = published(monkeypatch, name, Thing).block(name, 0)
    assert len(rows) == 100
    assert all(isinstance(row["id"], str) for row in rows)


class Detail(ObjectField):
    content = NumberField("content")
    domain = TextField("domain")


class Changed(EntityType):
    """Interactions of a later spec: other kinds under the same names."""

    id = NumberField("id")
    actor = TimestampField("actor")
    platform = BooleanField("platform")
    created_time = TextField("created_time")
    last_updated_time = NumberField("last_updated_time")
    label = CollectionField("label", TextField)
    detail = Detail("detail")
    type = TextField("type", values=("NEW_A", "NEW_B"))
    conversation_id = Detail("conversation_id")


def test_a_field_of_another_kind_gets_values_of_that_kind(monkeypatch):
    """In objects too; what still fits stays."""
    rows = published(monkeypatch, "interactions", Changed).block("interactions", 0)
    fields = Changed.fields()
    assert all(list(row) == list(fields) for row in rows)
    for row in rows:
        assert all(fits(field, row[name]) for name, field in fields.items()), row
    assert {row["type"] for row in rows} == {"NEW_A", "NEW_B"}
    assert {row["detail"]["domain"] for row in rows if "domain" in row["detail"]} > {"IT", "HR"}
    assert all(isinstance(row["detail"]["content"], int) for row in rows)


def test_values_beside_the_list_of_the_spec_stay_if_they_share_one():
    """All lists are open."""

    class Route(EntityType):
        route = TextField("route", values=("DM", "Ticket"))

    rows = [{"route": "DM"}, {"route": "Channel"}, {"route": None}]
    made = conform(rows, dict(Route.fields()), range(3), random.Random(1), lambda *_: "made")
    assert made == rows


@pytest.mark.parametrize("name", [name for name in ENTITY_SETS if name in MAKERS])
def test_makers_know_the_properties_of_the_spec(name):
    """Most of them, each with its kind. What a newer spec adds or changes is made up, and tested above."""
    made = Generator(3000, 1, NOW)
    _, lives = made.lives(name, 0)
    times = [(life.created, made.calendar.text(life.created), made.calendar.batch_text(1)) for life in lives]
    rows = list(made.maker(name).rows(made, range(len(lives)), times, random.Random(1)))
    fields = ENTITY_SETS[name].entity.fields()
    known = [key for key, field in fields.items() if all(key in row and fits(field, row[key]) for row in rows)]
    assert len(known) > 0.5 * len(fields)
    assert known == [key for key in rows[0] if key in known]


def test_what_a_batch_changes_is_of_the_kinds_of_the_spec(monkeypatch):
    """Also when a row is written again."""

    class Calls(EntityType):
        id = TextField("id")
        used = TextField("used")
        last_updated_time = TimestampField("last_updated_time")

    made = published(monkeypatch, "plugin-calls", Calls)
    row = {**made.block("plugin-calls", 0)[0]}
    before = dict(row)
    made.again("plugin-calls", row, 20)
    assert row == {**before, "last_updated_time": made.calendar.batch_text(20)}
