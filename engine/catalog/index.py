"""The index of the catalogue: every class of every kind, by name, alias and identifier."""

import difflib
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import keras
from keras.src.applications.convnext import LayerScale
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

from engine.callbacks import OWN

from .docs import first_paragraph
from .entry import Entry
from .forbidden import FORBIDDEN
from .operations import PREFIX, operations
from .signature import arguments

KINDS: Mapping[str, tuple[Any, Any]] = MappingProxyType(
    {
        "layers": (keras.layers, None),
        "optimizers": (keras.optimizers, keras.optimizers.Optimizer),
        "schedules": (
            keras.optimizers.schedules,
            keras.optimizers.schedules.LearningRateSchedule,
        ),
        "losses": (keras.losses, keras.losses.Loss),
        "metrics": (keras.metrics, keras.metrics.Metric),
        "callbacks": (keras.callbacks, None),
        "initializers": (keras.initializers, keras.initializers.Initializer),
        "regularizers": (keras.regularizers, keras.regularizers.Regularizer),
        "constraints": (keras.constraints, keras.constraints.Constraint),
        "activations": (keras.activations, None),
    }
)
"""Kind: (the Keras module that holds it, the class that all its members extend or None)."""

_SHORT = {
    "bce": "BinaryCrossentropy",
    "kld": "KLDivergence",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "mse": "MeanSquaredError",
    "msle": "MeanSquaredLogarithmicError",
}
_IDENTIFIERS: dict[str, dict[str, str]] = {
    "losses": _SHORT,
    "metrics": _SHORT,
    "initializers": {
        "normal": "RandomNormal",
        "one": "Ones",
        "uniform": "RandomUniform",
        "zero": "Zeros",
    },
    "layers": {"Input": "InputLayer"},
}
"""Identifiers that Keras accepts and that no name in its modules tells."""

_APPLICATION_LAYERS = (CustomScaleLayer, LayerScale)
"""Layers that stand in Keras's own applications and in no public module."""

_FUNCTIONS_OF_NO_USE = {"get", "serialize", "deserialize"}


def _plain(name: str) -> str:
    """A name without case and underscores: `mean_squared_error` is `MeanSquaredError`."""
    return name.replace("_", "").lower()


def _canonical(names: list[str], target: Any) -> str:
    """The name Keras itself writes, else the longest: MaxPooling2D rather than MaxPool2D."""
    own = target.__name__
    return own if own in names else max(names, key=len)


def _members(kind: str) -> dict[Any, list[str]]:
    module, _ = KINDS[kind]
    members: dict[Any, list[str]] = {}
    for name in sorted(dir(module)):
        value = getattr(module, name)
        wanted = callable(value) and not isinstance(value, type)
        if kind == "activations":
            wanted = wanted and name not in _FUNCTIONS_OF_NO_USE
        else:
            wanted = isinstance(value, type)
        if wanted and not name.startswith("_"):
            members.setdefault(value, []).append(name)
    if kind == "callbacks":
        mine = {target.__name__: target for target in OWN}
        members = {mine.get(target.__name__, target): names for target, names in members.items()}
    if kind == "layers":
        members |= {target: [target.__name__] for target in _APPLICATION_LAYERS}
    return members


@cache
def entries(kind: str) -> Mapping[str, Entry]:
    """All entries of a kind by canonical name, forbidden ones included."""
    found: dict[str, Entry] = {}
    extra = _IDENTIFIERS.get(kind, {})
    for target, names in _members(kind).items():
        name = _canonical(names, target)
        aliases = [alias for alias in names if alias != name]
        aliases += [alias for alias, meant in extra.items() if meant == name]
        found[name] = Entry(
            kind=kind,
            name=name,
            aliases=tuple(aliases),
            target=target,
            arguments=arguments(target, kind),
            doc=first_paragraph(target),
            forbidden=FORBIDDEN[kind].get(name),
        )
    return MappingProxyType(dict(sorted(found.items())))


@cache
def _names(kind: str) -> Mapping[str, Entry]:
    """Every accepted spelling of a kind: exact names, then Keras's snake_case identifiers."""
    found: dict[str, Entry] = {}
    for entry in entries(kind).values():
        for name in (entry.name, *entry.aliases):
            found[name] = entry
    if kind != "layers":
        for name, entry in list(found.items()):
            found.setdefault(_plain(name), entry)
    return MappingProxyType(found)


def find(kind: str, name: str) -> Entry | None:
    """The entry of a class name, alias or identifier, None when Keras has none.

    Layers are found by exact name only, as are operations (`ops.Mean`); everything else as
    Keras's `get` does: "mse", "adam", "mean_squared_error", "MeanSquaredError".
    """
    if kind == "layers" and name.startswith(PREFIX):
        return operations().get(name)
    names = _names(kind)
    if name in names or kind in ("layers", "activations"):
        return names.get(name)
    return names.get(_plain(name)) if re.fullmatch(r"\w{1,64}", name) else None


def suggestions(name: str, candidates: list[str]) -> list[str]:
    """Up to three candidates that resemble a misspelt name, best first."""
    by_plain = {_plain(candidate): candidate for candidate in candidates}
    close = difflib.get_close_matches(_plain(name[:128]), list(by_plain), n=3, cutoff=0.6)
    return [by_plain[match] for match in close]
