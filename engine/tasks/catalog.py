"""The task `catalog`: one kind of the catalogue as plain data."""

import math
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from pydantic import BaseModel

from engine.catalog import KINDS, Entry, entries
from engine.catalog import family as families
from engine.catalog.entry import REQUIRED
from engine.catalog.form import argument_form, entry_form
from engine.catalog.operations import operations
from engine.catalog.own import help_text, own_entries
from engine.encodings import ENCODINGS
from engine.faults import Fault, Item
from engine.layers import notes
from engine.port import Port
from engine.targets import WAYS
from lamina.discovery import modules

_OWN: dict[str, Mapping[str, type[BaseModel]]] = {"encodings": ENCODINGS, "targets": WAYS}


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Answer `{"data": [entries]}` of `payload["kind"]`. Raises Fault for an unknown kind."""
    del port
    kind = payload["kind"]
    if kind in KINDS:
        return {"data": [_entry(entry) for entry in entries(kind).values()]}
    if kind == "operations":
        return {"data": [_entry(entry) for entry in operations().values()]}
    if kind in _OWN:
        return {"data": own_entries(_OWN[kind])}
    if kind == "formats":
        return {"data": _formats()}
    kinds = ", ".join((*KINDS, "operations", *_OWN, "formats"))
    raise Fault(
        "not-found",
        f"There is no catalogue of {kind!r}.",
        [Item("/kind", "bad-value", f"The catalogue has: {kinds}.")],
    )


def _entry(entry: Entry) -> dict[str, Any]:
    layer = entry.kind == "layers" and not entry.forbidden
    name = "Input" if entry.name == "InputLayer" else entry.name
    note = notes().get(name) if layer else None
    return {
        "name": name,
        "aliases": [alias for alias in entry.aliases if alias != "Input"]
        + (["InputLayer"] if entry.name == "InputLayer" else []),
        "family": families.family(entry) if layer else None,
        "rank": families.rank(entry) if layer else None,
        "doc": entry.doc,
        "arguments": [
            {
                "name": argument.name,
                "required": argument.required,
                "default": _json(argument.default),
                "doc": argument.doc,
                "form": argument_form(argument, entry.kind),
            }
            for argument in entry.arguments.values()
        ],
        "has_weights": families.has_weights(entry) if layer else False,
        "has_activation": families.has_activation(entry) if layer else False,
        "has_bias": families.has_bias(entry) if layer else False,
        "forbidden": entry.forbidden,
        "form": None if entry.forbidden else entry_form(entry),
        **(note.to_json() if note else {}),
    }


def _json(value: Any) -> Any:
    """A default as plain JSON; what JSON cannot hold as its text."""
    if value is REQUIRED or value is None or isinstance(value, (bool, int, str)):
        return None if value is REQUIRED else value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (tuple, list)):
        return [_json(member) for member in value]
    return getattr(value, "__name__", str(value))


def _formats() -> list[dict[str, Any]]:
    """The formats of datasets: a module each, described by its docstring."""
    import_module("engine.formats")
    return [
        {"name": name, "doc": help_text(module)}
        for name, module in modules("engine.formats").items()
    ]
