# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.markdown_text_content_item_type import MarkdownTextContentItemType
from ..types import Codec, Field, Model

if TYPE_CHECKING:
    from ..models.markdown_text_content import MarkdownTextContent


T = TypeVar("T", bound="MarkdownTextItem")


@_attrs_define(kw_only=True, slots=False, repr=False)
class MarkdownTextItem(Model):
    """MarkdownTextItem.

    Attributes:
        type_ (MarkdownTextContentItemType):
        markdown_text (MarkdownTextContent):
    """

    type_: MarkdownTextContentItemType
    markdown_text: MarkdownTextContent
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
        if (value := values.get("markdown_text")) is not None:
            values["markdown_text"] = _read_markdown_text_content(value) if isinstance(value, dict) else value
        if "type" in values:
            values["type_"] = values.pop("type")
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    @classmethod
    def adopt(cls: type[T], values: dict[str, Any]) -> T:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        additional = None if _knows_all(values) else _CODEC.unknown(values)
        if (value := values.get("markdown_text")) is not None:
            values["markdown_text"] = _adopt_markdown_text_content(value) if isinstance(value, dict) else value
        if "type" in values:
            values["type_"] = values.pop("type")
        if additional is not None:
            values["additional_properties"] = additional
        model = object.__new__(cls)
        model.__dict__ = values
        return model

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return _CODEC.encode(self)


_CODEC = Codec(
    Field("type", "type_", required=True, values=("MARKDOWN_TEXT",)),
    Field("markdown_text", "markdown_text", required=True),
)
_knows_all = _CODEC.names.issuperset
_CODEC.default(MarkdownTextItem)

from .markdown_text_content import MarkdownTextContent as _MarkdownTextContent

_read_markdown_text_content = _MarkdownTextContent.from_dict
_adopt_markdown_text_content = _MarkdownTextContent.adopt
