"""Models as lines of Python, for the template."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen
from openapi_python_client.parser.properties import LiteralEnumProperty, ModelProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import safe_for_docstring

from scripts.pipeline.names import python_names

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from openapi_python_client.parser.properties.protocol import PropertyProtocol

    from scripts.pipeline.prepare import Prepared

_READ_TIME: Final = "_decode_time"
_WIDTH: Final = 106


@frozen
class Member:
    """A property of a model, or a parameter of an operation."""

    python: str
    declaration: str
    doc: str
    codec: str = ""


@frozen
class ModelView:
    """A model: a class with its properties, the statements that read it, and what they need."""

    name: str
    doc: str
    sent: bool
    fields: list[Member]
    reading: list[str]
    readers: list[str]
    imports: list[str]
    late_imports: list[str]

    @property
    def documented(self) -> list[Member]:
        """The properties of which the document says something."""
        return [field for field in self.fields if field.doc]


def model_view(model: ModelProperty, prepared: Prepared, reserved: Container[str], *, sent: bool) -> ModelView:
    """A model.

    Args:
        model: As the generator read it.
        prepared: What the generator was given, with the names that stand in for others.
        reserved: Names that no property may have.
        sent: Whether it is part of a request.
    """
    name = str(model.class_info.name)
    listed = [*(model.required_properties or ()), *(model.optional_properties or ())]
    pairs = [(prop, wire_name(prop, prepared.wires)) for prop in listed]
    given = {wire: prepared.chosen.get(str(prop.name.get_untrusted_value()), wire) for prop, wire in pairs}
    chosen = python_names(given.values(), reserved)
    names = {wire: chosen[name] for wire, name in given.items()}
    texts = {str(key.get_untrusted_value()): raw(getattr(each, "description", "")) for key, each in _declared(model)}
    tag = prepared.tags.get(raw(model.data.title), ("", []))
    reading = [line for prop, wire in pairs for line in _reading(prop, wire, names[wire])]
    if any(wire != python for wire, python in names.items()):
        reading.append("_CODEC.rename(values)")
    return ModelView(
        name=name,
        doc=doc_text(raw(model.description) or f"{name}.", 4),
        sent=sent,
        fields=[
            _field(prop, wire, names[wire], texts.get(str(prop.name.get_untrusted_value()), ""), tag, sent=sent)
            for prop, wire in pairs
        ],
        reading=reading,
        readers=[
            f"_read_{names[wire]} = {_adopting(read) or read}"
            for prop, wire in pairs
            if (read := reader(prop)) not in {"", _READ_TIME}
        ],
        imports=imports((c for prop in listed for c in classes(prop) if not isinstance(c, ModelProperty)), "."),
        late_imports=imports((c for prop in listed for c in models(prop) if c.class_info.name != name), "."),
    )


def _declared(model: ModelProperty) -> Iterable[tuple[Any, Any]]:
    return (model.data.properties or {}).items()


def wire_name(prop: PropertyProtocol, wires: dict[str, str]) -> str:
    """The name that was sent, or is to be: the generator may have been given another."""
    name = str(prop.name.get_untrusted_value())
    return wires.get(name, name)


def _field(
    prop: PropertyProtocol, wire: str, name: str, text: str, tag: tuple[str, list[str]], *, sent: bool
) -> Member:
    kind = annotation(prop)
    if prop.required:
        default = f" = {prop.default.python_code.as_unembedded_code()}" if prop.default else ""
    elif sent:
        kind, default = f"{kind} | Unset", " = UNSET"
    else:
        kind, default = (kind if kind == "Any" or "None" in kind.split(" | ") else f"{kind} | None"), " = MISSING"
    arguments = [repr(wire), *([repr(name)] if name != wire else [])]
    if prop.required:
        arguments.append("required=True")
        if (values := _values(prop)) and wire != tag[0]:
            arguments.append(f"values={values!r}")
    if wire == tag[0]:
        listed = _values(prop) or tuple(tag[1])
        arguments += [f"values={listed!r}", "decides=True"]
    doc = text or raw(prop.description)
    if prop.default:
        doc = f"{doc} Default: {prop.default.python_code.as_unembedded_code()}.".strip()
    return Member(name, f"{name}: {kind}{default}", doc_text(doc, 12), f"_models.Field({', '.join(arguments)})")


def _reading(prop: PropertyProtocol, wire: str, name: str) -> Iterator[str]:
    """Statements that read one of `values`."""
    read = reader(prop)
    if _adopting(read):
        yield f"if isinstance(value := values.get({wire!r}), dict):"
    elif read:
        yield f"if (value := values.get({wire!r})) is not None:"
    if read:
        yield f"    values[{wire!r}] = {_READ_TIME if read == _READ_TIME else f'_read_{name}'}(value)"


def reader(prop: PropertyProtocol) -> str:
    """An expression of what reads a value; empty for plain JSON, which stays as it came."""
    if isinstance(prop, DateTimeProperty):
        return _READ_TIME
    if isinstance(prop, DateProperty):
        return "_decode_date"
    if isinstance(prop, ModelProperty):
        return f"_models.read_model({prop.class_info.name})"
    if isinstance(prop, ListProperty):
        if isinstance(prop.inner_property, ModelProperty):
            return f"_models.read_models({prop.inner_property.class_info.name})"
        inner = reader(prop.inner_property)
        return f"_models.read_items({inner})" if inner else ""
    if isinstance(prop, UnionProperty):
        made = [str(p.class_info.name) for p in prop.inner_properties if isinstance(p, ModelProperty)]
        others = [r for p in prop.inner_properties if not isinstance(p, ModelProperty) and (r := reader(p))]
        if len(made) + len(others) == 1:
            return f"_models.read_model({made[0]})" if made else others[0]
        if made or others:
            tail = [f"others=({', '.join(others)},)"] if others else []
            return f"_models.read_either({', '.join([*made, *tail])})"
    return ""


def _adopting(read: str) -> str:
    """What makes a model of an object, for a reader that does nothing else."""
    found = re.fullmatch(r"_models\.read_model\((\w+)\)", read)
    return f"{found[1]}.adopt" if found else ""


def annotation(prop: PropertyProtocol) -> str:
    """The type of a value in Python."""
    text = prop.get_type_string(no_optional=True).as_unembedded_code()
    return f"{text.removeprefix('None | ')} | None" if text.startswith("None | ") else text


def _values(prop: PropertyProtocol) -> tuple[Any, ...]:
    if isinstance(prop, LiteralEnumProperty):
        return tuple(sorted(prop.values, key=str))
    return (prop.value.raw_value,) if isinstance(prop, ConstProperty) else ()


def classes(prop: PropertyProtocol) -> Iterator[Any]:
    """The models and lists of values that a property speaks of."""
    if isinstance(prop, ModelProperty | LiteralEnumProperty):
        yield prop
    for inner in getattr(prop, "inner_properties", ()):
        yield from classes(inner)
    if isinstance(prop, ListProperty):
        yield from classes(prop.inner_property)


def models(prop: PropertyProtocol) -> Iterator[ModelProperty]:
    """The models that a property speaks of."""
    return (each for each in classes(prop) if isinstance(each, ModelProperty))


def models_within(prop: PropertyProtocol, seen: set[str]) -> set[str]:
    """The names of the models that a property speaks of, with those of all that they are made of."""
    waiting = [prop]
    while waiting:
        for model in models(waiting.pop()):
            if str(model.class_info.name) not in seen:
                seen.add(str(model.class_info.name))
                waiting += [*(model.required_properties or ()), *(model.optional_properties or ())]
    return seen


def imports(found: Iterable[Any], prefix: str) -> list[str]:
    """Import statements of models and lists of values."""
    return sorted({f"from {prefix}{each.class_info.module_name} import {each.class_info.name}" for each in found})


def raw(text: Any) -> str:
    """Text of the document, which is to be escaped wherever it goes."""
    return "" if text is None else text if isinstance(text, str) else str(text.get_untrusted_value())


def one_line(text: str) -> str:
    """One line, without what no source file may hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def doc_text(text: str, indent: int) -> str:
    """Text for a docstring, wrapped."""
    lines = textwrap.wrap(safe_for_docstring(one_line(text)), _WIDTH - indent, break_on_hyphens=False)
    wrapped = ("\n" + " " * indent).join(lines)
    return f"{wrapped} " if wrapped.endswith(('"', "\\")) else wrapped
