"""The task `catalog`: one kind of the catalogue as plain data."""

import inspect
import math
from importlib import import_module
from typing import Any

from engine.catalog import KINDS, Entry, entries
from engine.catalog import family as families
from engine.catalog.entry import REQUIRED
from engine.catalog.form import argument_form, entry_form
from engine.catalog.operations import operations
from engine.faults import Fault, Item
from engine.layers import notes
from engine.port import Port
from lamina.discovery import modules

_OWN_KINDS = ("encodings", "formats")


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Answer `{"data": [entries]}` of `payload["kind"]`. Raises Fault for an unknown kind."""
    del port
    kind = payload["kind"]
    if kind in KINDS:
        return {"data": [_entry(entry) for entry in entries(kind).values()]}
    if kind == "operations":
        return {"data": [_entry(entry) for entry in operations().values()]}
    if kind in _OWN_KINDS:
        return {"data": _own(kind)}
    kinds = ", ".join((*KINDS, "operations", *_OWN_KINDS))
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


def _own(kind: str) -> list[dict[str, Any]]:
    """Our encodings or formats: a class or module per file, described by its docstring."""
    package = f"engine.{kind}"
    import_module(package)
    data = []
    for name, module in modules(package).items():
        classes = [
            value
            for value in vars(module).values()
            if isinstance(value, type) and value.__module__ == module.__name__
        ]
        target: Any = classes[0] if kind == "encodings" and classes else module
        data.append(_described(name, target))
    return data


def _described(name: str, target: Any) -> dict[str, Any]:
    parameters = inspect.signature(target).parameters.values() if isinstance(target, type) else []
    return {
        "name": name,
        "aliases": [],
        "family": None,
        "rank": None,
        "doc": " ".join((inspect.getdoc(target) or "").split("\n\n", 1)[0].split()),
        "arguments": [
            {
                "name": parameter.name,
                "required": parameter.default is inspect.Parameter.empty,
                "default": None
                if parameter.default is inspect.Parameter.empty
                else _json(parameter.default),
                "doc": None,
            }
            for parameter in parameters
        ],
        "has_weights": False,
        "has_activation": False,
        "has_bias": False,
        "forbidden": None,
    }
