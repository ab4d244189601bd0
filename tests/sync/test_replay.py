"""Pages that were kept: what is in them, what is missing, and what they may be loaded into."""

from __future__ import annotations

import pytest
from loaded import differences, load, records

from moveworks.destinations import open_destination
from moveworks.destinations.tables import SQLFile
from moveworks.errors import ConfigurationError
from moveworks.sync.masks import Masks
from moveworks.sync.replay import replay
from moveworks_export.entities import ENTITY_SETS

ENTITIES = ["conversations", "users"]
pytestmark = pytest.mark.slow  # nothing here looks at a clock


def _replayed(tmp_path, name, **options):
    return replay(tmp_path / "kept", open_destination(str(tmp_path / name)), **options)


def test_pages_are_kept_before_the_destination_has_them(living, tmp_path, monkeypatch):
    """A run that is killed in between, and gone on with, leaves no window out of the pages."""
    path, apply = tmp_path / "a.sqlite", SQLFile.apply

    def killed(self, *given):
        apply(self, *given)
        raise KeyboardInterrupt

    with living.client() as mw:
        monkeypatch.setattr(SQLFile, "apply", killed)
        with pytest.raises(KeyboardInterrupt):
            load(mw, path, entities=ENTITIES, keep_pages=tmp_path / "kept")
        monkeypatch.setattr(SQLFile, "apply", apply)
        assert load(mw, path, entities=ENTITIES, keep_pages=tmp_path / "kept").resumed
    assert _replayed(tmp_path, "b.sqlite").complete
    for entity in ENTITIES:
        assert records(tmp_path / "b.sqlite", entity) == records(path, entity)


def test_what_is_missing_is_told(living, tmp_path):
    """Without a page, or where the run did not end, a replay is not complete; a later run that read all mends it."""
    kept = tmp_path / "kept"
    with living.client() as mw:
        load(mw, tmp_path / "a.sqlite", entities=ENTITIES, keep_pages=kept)
        [ended] = kept.glob("*.json")
        described = ended.read_bytes()
        ended.unlink()
        report = _replayed(tmp_path, "b.sqlite")
        assert [each.run.reason for each in report.entities] == [
            f"run {ended.stem} was not complete, so not all of its windows are here"
        ] * 2
        ended.write_bytes(described)
        gone = min(kept.glob("*/conversations-*.json"))
        gone.unlink()
        reasons = {each.run.entity: each.run.reason for each in _replayed(tmp_path, "c.sqlite").entities}
        assert reasons["users"] == ""
        assert "1 of the " in reasons["conversations"]
        ended.unlink()
        living.advance(days=1)
        load(mw, tmp_path / "a.sqlite", entities=ENTITIES, keep_pages=kept, again=True)
    assert _replayed(tmp_path, "d.sqlite").complete
    assert records(tmp_path / "d.sqlite", "users") == records(tmp_path / "a.sqlite", "users")


def test_a_run_that_was_not_complete_is_not_so_when_it_is_replayed(living, tmp_path):
    """Whatever is kept of an entity set that failed, also nothing; until a later run has read all of it again."""
    kept, entities = tmp_path / "kept", ["interactions", "users"]
    with living.client(attempts=1) as mw:
        living.add_fault("403:route=interactions,page=2")
        report = load(mw, tmp_path / "a.sqlite", entities=entities, keep_pages=kept)
        assert [each.run.complete for each in report.entities] == [False, True]
        reasons = {each.run.entity: each.run.reason for each in _replayed(tmp_path, "b.sqlite").entities}
        assert reasons["users"] == ""
        assert "was not complete" in reasons["interactions"]
        assert _replayed(tmp_path, "c.sqlite", entities=["users"]).complete
        living.clear_faults()
        living.advance(days=1)
        assert load(mw, tmp_path / "a.sqlite", entities=entities, keep_pages=kept).complete
    assert _replayed(tmp_path, "d.sqlite").complete
    assert records(tmp_path / "d.sqlite", "interactions") == records(tmp_path / "a.sqlite", "interactions")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"partial": false, "windows": {"users": 5}}'])
def test_a_file_that_describes_no_run_is_named(living, tmp_path, text):
    """And nothing is loaded."""
    with living.client() as mw:
        load(mw, tmp_path / "a.sqlite", entities=["users"], keep_pages=tmp_path / "kept")
    (tmp_path / "kept" / "mine.json").write_text(text)
    with pytest.raises(ConfigurationError, match=r"mine\.json does not describe a run"):
        _replayed(tmp_path, "b.sqlite")


def test_masks_hold_for_pages_that_were_kept(living, tmp_path, monkeypatch):
    """They are put on plain pages, stay on masked ones, and no destination mixes both."""
    masks = Masks(["email_addr"], "0123456789abcdef", ENTITY_SETS.values())
    other = Masks(["email_addr"], "fedcba9876543210", ENTITY_SETS.values())
    monkeypatch.setenv("MOVEWORKS_MASK_KEY", "0123456789abcdef")
    with living.client() as mw:
        load(mw, tmp_path / "plain.sqlite", entities=["users"], keep_pages=tmp_path / "kept")
        load(mw, tmp_path / "masked.sqlite", entities=["users"], mask=["email_addr"], keep_pages=tmp_path / "more")
    masked = records(tmp_path / "masked.sqlite", "users")
    assert _replayed(tmp_path, "b.sqlite", masks=masks).complete
    assert records(tmp_path / "b.sqlite", "users") == masked
    with pytest.raises(ConfigurationError, match="holds masked values"):
        _replayed(tmp_path, "masked.sqlite")
    assert records(tmp_path / "masked.sqlite", "users") == masked
    with pytest.raises(ConfigurationError, match="not masked"):
        _replayed(tmp_path, "plain.sqlite", masks=masks)
    (tmp_path / "kept").rename(tmp_path / "less")
    (tmp_path / "more").rename(tmp_path / "kept")
    for given in (masks, None):
        assert _replayed(tmp_path, "masked.sqlite", masks=given).entities[0].run.changed == 0
    with pytest.raises(ConfigurationError, match="masked already"):
        _replayed(tmp_path, "c.sqlite", masks=other)
    for each in (tmp_path / "less").iterdir():
        each.rename(tmp_path / "kept" / each.name)
    with pytest.raises(ConfigurationError, match="mask"):
        _replayed(tmp_path, "d.sqlite")


def test_a_plan_for_a_destination_that_held_more_is_not_gone_on_with(living, path, monkeypatch):
    """The file is removed, or an older copy put back, between a run that was interrupted and the next one."""
    destination = type(open_destination(str(path)))
    apply = destination.apply
    with living.client() as mw:
        load(mw, path)
        living.advance(days=5)

        def full(self, *given):
            raise OSError("disk full")

        monkeypatch.setattr(destination, "apply", full)
        with pytest.raises(OSError, match="disk full"):
            load(mw, path)
        monkeypatch.setattr(destination, "apply", apply)
        path.rename(path.with_name(f"away-{path.name}"))
        report = load(mw, path)
    assert not report.resumed
    assert differences(path, living) == []
