# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.plain_text_content_item_type import PlainTextContentItemType
from ..types import Codec, Field, Model

if TYPE_CHECKING:
    from ..models.plain_text_content import PlainTextContent


T = TypeVar("T", bound="PlainTextItem")


@_attrs_define(kw_only=True, slots=False, repr=False)
class PlainTextItem(Model):
    """PlainTextItem.

    Attributes:
        type_ (PlainTextContentItemType):
        plain_text (PlainTextContent):
    """

    type_: PlainTextContentItemType
    plain_text: PlainTextContent
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
    Field("type", "type_", "", required=True, values=("PLAIN_TEXT",)),
    Field("plain_text", "plain_text", "plain_text_content:PlainTextContent", required=True),
)
