# Generated from specs/export/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Codec, Field, Model, Unset

if TYPE_CHECKING:
    from ..models.interaction_record import InteractionRecord


T = TypeVar("T", bound="InteractionPage")


@_attrs_define(kw_only=True, slots=False, repr=False)
class InteractionPage(Model):
    """InteractionPage.

    Attributes:
        odata_context (str | Unset): Address of the metadata of this collection.
        odata_next_link (str | Unset): Address of the next page; absent on the last page.
        value (list[InteractionRecord] | None | Unset):
    """

    odata_context: str | Unset = UNSET
    odata_next_link: str | Unset = UNSET
    value: list[InteractionRecord] | None | Unset = UNSET
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
    Field("@odata.context", "odata_context", "", required=False),
    Field("@odata.nextLink", "odata_next_link", "", required=False),
    Field("value", "value", "list interaction_record:InteractionRecord", required=False),
)
