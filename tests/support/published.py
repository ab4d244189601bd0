"""What the two APIs publish now: tests take it from here, so that another base path or a new demand breaks none."""

import importlib
from typing import Any

from attrs import evolve

from moveworks.unset import UNSET
from moveworks_beta.service import BASE_PATH as ASSISTANT_PATH
from moveworks_export.entities import ENTITY_SETS
from moveworks_export.operations import OPERATIONS
from moveworks_export.service import BASE_PATH as RECORDS_PATH

__all__ = ["ASSISTANT_PATH", "RECORDS_PATH", "make_options_optional", "order_of"]


def order_of(name: str) -> str:
    """The order without ties in which an entity set is read."""
    dated = "created_time" in ENTITY_SETS[name].entity.fields()
    return "created_time,id" if dated else "id"


def make_options_optional() -> bool:
    """Let lists do without the options that the document demands, in this process; whether it demands any.

    Most tests read a list without caring for its options. Those about demanded options make a demand of their own.
    """
    catalogue: Any = OPERATIONS
    demanding = [each for each in OPERATIONS.values() if any(_is_demanded(one) for one in each.parameters)]
    for operation in demanding:
        parameters = tuple(evolve(each, required=each.location == "path") for each in operation.parameters)
        catalogue[operation.id] = evolve(operation, parameters=parameters)
        names = [each.name for each in operation.parameters if _is_demanded(each)]
        for function in vars(importlib.import_module(operation.module)).values():
            if getattr(function, "__kwdefaults__", None) is not None and function.__module__ == operation.module:
                function.__kwdefaults__ |= dict.fromkeys(names, UNSET)
    return bool(demanding)


def _is_demanded(parameter: Any) -> bool:
    return parameter.required and parameter.location == "query"
