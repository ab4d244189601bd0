"""The table: which columns it shows, and how wide."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moveworks.cli.flat import columns
from moveworks.cli.table import RecordTable
from moveworks.cli.terminal import json_visible, visible
from moveworks.records import Conversation, Interaction, User


def table(entity, records, width, **more):
    written = []
    made = RecordTable(written.append, columns(entity.fields()), width=width, **more)
    made.page(records)
    return b"".join(written).decode().splitlines(), made


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_ids_in_a_table_are_whole(width):
    """Half an id is of no use; columns that do not fit are named."""
    record = {"id": "a" * 12, "conversation_id": "b" * 12, "user_id": "1" * 20, "actor": "user"}
    lines, made = table(Interaction, [record], width)
    left_out = [name for note in made.notes for name in note.split(";")[0].split(": ")[1].split(", ")]
    for name in ("id", "conversation_id", "user_id"):
        assert (record[name] in "\n".join(lines)) != (name in left_out)
    assert all(len(line) <= width for line in lines)


def test_the_id_of_a_user_is_whole_on_a_usual_terminal():
    """20 digits, beside other columns."""
    lines, _ = table(User, [{"id": "1" * 20, "email_addr": "somebody@example.com", "access_to_bot": True}], 80)
    assert "1" * 20 in lines[2]
    assert "somebody@example.com" in lines[2]


@pytest.mark.parametrize("entity", ["interactions", "conversations", "plugin-calls", "plugin-resources", "users"])
def test_at_80_columns_no_empty_column_takes_the_place_of_content(sandbox, entity):
    """Where something is left out, every column that is shown has something to say."""
    from moveworks.records.namespace import find_entity_set

    rows = sandbox.rows(entity)[:40]
    lines, made = table(find_entity_set(entity).entity, rows, 80)
    assert made.notes
    assert all(len(line) <= 80 for line in lines)
    begins = [match.start() for match in re.finditer(r"\S+", lines[0])]
    assert len(begins) >= 3
    for begin, end in pairwise([*begins, 80]):
        assert any(line[begin:end].strip() for line in lines[2:]), lines[0][begin:end]


def test_what_people_wrote_is_shown_at_80_columns(sandbox):
    """It is what a reader is after."""
    lines, _ = table(Interaction, sandbox.rows("interactions")[:40], 80)
    assert "detail.content" in lines[0]
    assert "created_time" in lines[0]
    assert any("How do I reset my VPN" in line for line in lines)


def test_columns_that_are_chosen_are_shown_in_their_order():
    """The first ones, as far as there is room."""
    written = []
    chosen = columns(Conversation.fields(), ["route", "detail/content", "id"])
    made = RecordTable(written.append, chosen, width=20, chosen=True)
    made.page([{"id": "b" * 12, "route": "DM", "detail": {"content": "x" * 50}}])
    assert b"".join(written).decode().splitlines()[0].split() == ["route", "detail.conte…"]
    assert "id" in made.notes[0]


def test_later_pages_go_on_with_the_columns_of_the_first():
    """One head, the same widths."""
    written = []
    made = RecordTable(written.append, columns(Interaction.fields()), width=60)
    made.page([{"id": "a" * 12, "actor": "user"}])
    made.page([])
    made.page([{"id": "b" * 12, "actor": "somebody else"}, {"id": "c" * 12, "label": "new"}])
    lines = b"".join(written).decode().splitlines()
    assert len(lines) == 5
    assert [line[:12] for line in lines[2:]] == ["a" * 12, "b" * 12, "c" * 12]
    assert "new" not in lines[4]


@given(st.text())
def test_nothing_steers_a_terminal(text):
    """Control characters are written out; JSON keeps its meaning."""
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e\u2066]", visible(text))
    encoded = json.dumps(text, ensure_ascii=False)
    assert json.loads(json_visible(encoded)) == text


@pytest.mark.parametrize("mark", ["\u061c", "\u200e", "\u202e", "\u2067", "\ufeff", "\u2028", "\x9b", "\x7f"])
def test_marks_that_turn_text_around_reach_no_terminal(mark):
    """Each kind, in each way out."""
    assert mark not in visible(f"a{mark}b")
    assert mark not in json_visible(f"a{mark}b")
    assert mark not in "\n".join(table(User, [{"id": "1", "first_name": f"a{mark}b"}], 80)[0])


def test_styles_are_only_for_terminals():
    """The head is bold there, and the rest is as it was."""
    plain, _ = table(User, [{"id": "1"}], 80)
    styled, _ = table(User, [{"id": "1"}], 80, styled=True)
    assert "\x1b[1m" in styled[0]
    assert not any("\x1b" in line for line in plain)
    assert styled[2:] == plain[2:]
