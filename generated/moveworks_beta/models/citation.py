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
        """How this model is read and written."""
        return _CODEC

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """Build a model from a decoded JSON object."""
        return _CODEC.decode(cls, src_dict)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return _CODEC.encode(self)


_CODEC = Codec(
    __package__,
    Field("citation_id", "citation_id", "", required=False),
    Field("location", "location", "citation_location:CitationLocation", required=False),
    Field("url", "url", "", required=False),
    Field("display", "display", "display:Display", required=False),
)
