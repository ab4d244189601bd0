"""Models: objects of JSON with attributes, read leniently and written back as they were sent."""

# A generator's own models raise on everything that a document did not foresee, and building them through their
# constructors costs several times what parsing costs. Models here take over the decoded dictionary, and change only
# what needs reading: times and nested models (`make bench`).

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Self

from attrs import define, field

from moveworks.unset import UNSET
from moveworks_runtime.times import encode_time

MISSING: Final[Any] = UNSET
"""UNSET as the default of a property that reads as None while it is missing."""
Reader = Callable[[Any], Any]


def read_items(read: Reader) -> Reader:
    """Reads each item of a list; another value stays as it came."""
    return lambda value: [read(item) for item in value] if isinstance(value, list) else value


def read_models(model: type[Model]) -> Reader:
    """Makes models of the objects in a list; another value stays as it came."""
    adopt = model.adopt

    def read(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return [adopt(item) if isinstance(item, dict) else item for item in value]

    return read


def read_model(model: type[Model]) -> Reader:
    """Makes a model of an object; another value stays as it came."""
    adopt = model.adopt
    return lambda value: adopt(value) if isinstance(value, dict) else value


def read_either(*models: type[Model], others: tuple[Reader, ...] = ()) -> Reader:
    """Makes the model that fits an object best; an object that fits none, and another value, goes to the others.

    A model fits an object that has its required properties, with values that the document lists where it lists some.
    The one that knows most of the object's properties fits best.
    """
    known = [(model, model.codec().fits) for model in models]

    def read(value: Any) -> Any:
        if isinstance(value, dict) and models:
            fitting = models if len(models) == 1 else [model for model, fits in known if fits(value)]
            if len(fitting) == 1:
                return fitting[0].adopt(value)
            if fitting:
                return max(fitting, key=lambda model: len(model.codec().names & value.keys())).adopt(value)
            return value
        for other in others:
            if (made := other(value)) is not value:
                return made
        return value

    return read


def encode(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return encode_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    return value.to_dict() if isinstance(value, Model) else value


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


class Field:
    """One property: its names on the wire and in Python, and the values that a document lists for it.

    One that decides tells the alternatives of a union from each other, also where it is not required.
    """

    __slots__ = ("decides", "python", "required", "values", "wire")

    def __init__(
        self,
        wire: str,
        python: str = "",
        *,
        required: bool = False,
        values: tuple[Any, ...] = (),
        decides: bool = False,
    ) -> None:
        self.decides = decides
        self.wire, self.python, self.required, self.values = wire, python or wire, required, values


class Codec:
    """What reading and writing a model need to know of it."""

    __slots__ = ("_listed", "_required", "fields", "names", "pythons", "renamed")

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        self.names = frozenset(field.wire for field in fields)
        self.renamed = tuple((field.wire, field.python) for field in fields if field.wire != field.python)
        self.pythons = frozenset({"additional_properties", *(field.python for field in fields)})
        self._required = frozenset(field.wire for field in fields if field.required)
        self._listed = tuple(
            (field.wire, field.values) for field in fields if field.values and (field.required or field.decides)
        )

    def unknown(self, values: dict[str, Any]) -> dict[str, Any]:
        """Take out the properties that the document does not know."""
        return {key: values.pop(key) for key in [*values] if key not in self.names}

    def rename(self, values: dict[str, Any]) -> None:
        """Give the properties of another name in Python that name."""
        found = [(python, values.pop(wire)) for wire, python in self.renamed if wire in values]
        values.update(found)

    def encode(self, model: Any) -> dict[str, Any]:
        """The JSON object of a model: what the server sent, unknown properties included."""
        values = model.__dict__
        written = {f.wire: encode(value) for f in self.fields if (value := values.get(f.python, UNSET)) is not UNSET}
        if additional := values.get("additional_properties"):
            written.update({key: encode(value) for key, value in additional.items()})
        if not self.pythons.issuperset(values):
            # Somebody has set an attribute of another spelling, which must not be dropped in silence.
            for name in values.keys() - self.pythons:
                raise AttributeError(_unknown(type(model), name), name=name)
        return written

    def fits(self, source: Mapping[str, Any]) -> bool:
        """Whether an object has all required properties, with values that the document lists where it lists some."""
        for wire, values in self._listed:
            if wire in source and source[wire] not in values:
                return False
        return source.keys() >= self._required


@define(kw_only=True, slots=False, repr=False)
class Model:
    """What all models can do.

    A property that the server did not send reads as None, or as UNSET in a model that is part of a request; `to_dict`
    leaves it out.
    """

    additional_properties: dict[str, Any] = field(init=False, factory=dict)
    """Properties that the document does not know."""

    def __attrs_post_init__(self) -> None:
        values = self.__dict__
        for name in [name for name, value in values.items() if value is UNSET]:
            del values[name]

    @classmethod
    def codec(cls) -> Codec:
        """What reading and writing need to know of this model."""
        codec: Codec = cls._codec  # type: ignore[attr-defined]
        return codec

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Build a model from a decoded JSON object, which stays as it is.

        Unknown properties are kept in `additional_properties`, and values of an unexpected shape as they came.
        """
        return cls.adopt(_copied(dict(source)))

    @classmethod
    def adopt(cls, values: dict[str, Any]) -> Self:
        """As `from_dict`, for an object that nobody else holds: it becomes the model's own, which saves copies."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as the server sent it."""
        return self.codec().encode(self)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            return getattr(self, _known_name(type(self), name))

    def __repr__(self) -> str:
        # Records hold what people wrote to the assistant; only ids may reach a log or a traceback.
        identity = next((f"{k}={v!r}" for k, v in self.__dict__.items() if k in _IDENTITIES and isinstance(v, str)), "")
        return f"{type(self).__name__}({identity})"

    def _repr_html_(self) -> str:
        """A table of the properties, for notebooks; all text is escaped, long text cut."""
        from html import escape

        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(str(key))}</th>"
            f"<td style='text-align:left'>{escape(str(value)[:300])}</td></tr>"
            for key, value in self.to_dict().items()
        )
        return f"<table><caption>{type(self).__name__}</caption>{rows}</table>"


_IDENTITIES: Final = ("id", "conversation_id", "response_id", "message_id", "event_id", "citation_id")


def _known_name(model: type[Model], name: str) -> str:
    """The property that another spelling means: its name on the wire, or with the underscore that keywords need.

    Raises:
        AttributeError: with what was probably meant.
    """
    if not name.startswith("__"):
        for each in model.codec().fields:
            if name != each.python and name in {each.wire, f"{each.python}_"}:
                return each.python
    raise AttributeError(_unknown(model, name), name=name)


def _unknown(model: type[Model], name: str) -> str:
    import difflib

    close = difflib.get_close_matches(name, [each.python for each in model.codec().fields], n=1)
    return f"{model.__name__} has no property {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")


class _Additional:
    """Makes the dictionary of unknown properties when somebody looks: most records have none."""

    def __get__(self, model: Any, owner: type) -> Any:
        return self if model is None else model.__dict__.setdefault("additional_properties", {})


def complete(cls: type[Model], codec: Codec, missing: Any = None) -> None:
    """Give a class its codec, and what its properties read as while they are missing."""
    for each in codec.fields:
        setattr(cls, each.python, missing)
    cls._codec = codec  # type: ignore[attr-defined]
    cls.additional_properties = _Additional()  # type: ignore[assignment]
