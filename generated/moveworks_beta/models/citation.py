# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Codec, Field, Model, Unset

if TYPE_CHECKING:
    from ..models.citation_location import CitationLocation
    from ..models.display import Display


T = TypeVar("T", bound="Citation")


@_attrs_define(kw_only=True, slots=False, repr=False)
class Citation(Model):
    """Citation.

    Attributes:
        citation_id (str | Unset):
        location (CitationLocation | Unset):
        url (str | Unset):
        display (Display | Unset):
    """

    citation_id: str | Unset = UNSET
    location: CitationLocation | Unset = UNSET
    url: str | Unset = UNSET
    display: Display | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    @classmethod
    def codec(cls) -> Codec:
        """What reading and writing need to know of this model."""
        return _CODEC

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """Build a model from a decoded JSON object, which stays as it is.

        Unknown properties are kept in `additional_properties`, values of an unexpected shape as they came, and what is
        missing is UNSET.
        """
        values = dict(src_dict)
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("location")) is not None:
            values["location"] = _read_citation_location(value) if isinstance(value, dict) else value
        if (value := values.get("display")) is not None:
            values["display"] = _read_display(value) if isinstance(value, dict) else value
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    @classmethod
    def adopt(cls: type[T], values: dict[str, Any]) -> T:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("location")) is not None:
            values["location"] = _adopt_citation_location(value) if isinstance(value, dict) else value
        if (value := values.get("display")) is not None:
            values["display"] = _adopt_display(value) if isinstance(value, dict) else value
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return _CODEC.encode(self)


_CODEC = Codec(
    Field("citation_id", "citation_id", required=False),
    Field("location", "location", required=False),
    Field("url", "url", required=False),
    Field("display", "display", required=False),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(Citation)

from .citation_location import CitationLocation as _CitationLocation

_read_citation_location = _CitationLocation.from_dict
_adopt_citation_location = _CitationLocation.adopt
from .display import Display as _Display

_read_display = _Display.from_dict
_adopt_display = _Display.adopt
