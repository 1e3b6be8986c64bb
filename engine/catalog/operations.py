"""Operations of `keras.ops` that a network may hold, found by introspection of Keras.

`x ** 2` or `ops.mean(x, axis=1)` in a Functional model makes one. In a stack it is a line
called `ops.Mean`, with the arguments of its constructor beside its class.
"""

import inspect
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import keras
from keras.src.ops import core, image, linalg, math, nn, numpy
from keras.src.ops.operation import Operation

from .docs import first_paragraph
from .entry import REQUIRED, Entry
from .signature import arguments

PREFIX = "ops."
_MODULES = (core, numpy, nn, math, linalg, image)

_CALLS = "it calls a function, which a request cannot hold"
_VALUES = "the shape of its result depends on the values, not on the shapes"
_NOTHING = "it makes a tensor of plain values"
_NO_TENSOR = "its result is no tensor"
_ABSTRACT = "it is a base class, not something to be used directly"
_LISTS = "it takes lists of tensors"
_ONE = "TensorFlow does it for one row at a time, not for batches"
_ROWS = "it mixes the rows of a batch"

FORBIDDEN: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("Map", "Scan", "AssociativeScan", "Switch", "WhileLoop", "ForiLoop", "Cond"), _CALLS
        ),
        **dict.fromkeys(("VectorizedMap", "JVP"), _CALLS),
        **dict.fromkeys(("Nonzero", "Unique", "Bincount", "Histogram"), _VALUES),
        **dict.fromkeys(("ConvertToTensor", "Array", "Arange", "Full", "Scatter"), _NOTHING),
        **dict.fromkeys(("Linspace", "Logspace", "Geomspace", "UnravelIndex"), _NOTHING),
        **dict.fromkeys(("Ndim", "Size", "View"), _NO_TENSOR),
        **dict.fromkeys(("SegmentReduction", "Operation"), _ABSTRACT),
        **dict.fromkeys(("SegmentSum", "SegmentMax", "SegmentMin", "SegmentProd"), _ROWS),
        **dict.fromkeys(("Meshgrid", "Vander", "Correlate", "Corrcoef", "Diag"), _ROWS),
        **dict.fromkeys(("Diagflat", "Lstsq", "Kron"), _ROWS),
        **dict.fromkeys(("ViewAsComplex", "ViewAsReal"), "TensorFlow cannot do it"),
        **dict.fromkeys(("Argpartition", "LuFactor", "SearchSorted"), _ONE),
        "Select": _LISTS,
        "ConvTranspose": "Keras mixes up its arguments when it runs; use a layer such as "
        "Conv2DTranspose",
    }
)
"""By class name: why the operation is refused."""

LISTS = frozenset(
    {"Concatenate", "Dstack", "Hstack", "Stack", "Vstack", "FFT", "FFT2", "IFFT2", "IRFFT", "ISTFT"}
)
"""Operations whose one operand is a list of tensors (real and imaginary part of the last)."""

WORK: Mapping[str, int] = MappingProxyType(
    {"indices_or_sections": 1_000, "num": 1_000, "n": 100, "kernel_size": 512, "filter_size": 512}
    | {"subscripts": 200, "beam_width": 1_000, "top_paths": 1_000}
)
"""Upper bounds of arguments (of texts and lists: of their length) that make Keras do work."""


@cache
def operations() -> Mapping[str, Entry]:
    """All operations by their name in a stack, forbidden ones included."""
    found = {
        PREFIX + name: Entry(
            kind="operations",
            name=PREFIX + name,
            aliases=(),
            target=target,
            arguments=arguments(target, "operations"),
            doc=_doc(name),
            forbidden=FORBIDDEN.get(name),
        )
        for module in _MODULES
        for name, target in vars(module).items()
        if _is_own(target, module)
    }
    return MappingProxyType(dict(sorted(found.items())))


def _doc(name: str) -> str:
    """The text of the function of `keras.ops` that makes the operation; classes have none."""
    plain = name.lower()
    for module in (keras.ops, keras.ops.nn, keras.ops.image, keras.ops.linalg):
        for function, target in vars(module).items():
            if function.replace("_", "") == plain:
                return first_paragraph(target)
    return f"The operation {name} of keras.ops."


def _is_own(target: Any, module: Any) -> bool:
    if not (isinstance(target, type) and issubclass(target, Operation)):
        return False
    return bool(target.__module__ == module.__name__)


@cache
def operands(target: Any) -> tuple[Mapping[str, Any], bool]:
    """What calling an operation takes: operand to default (or REQUIRED); if any number more."""
    parameters = [p for p in inspect.signature(target.call).parameters.values() if p.name != "self"]
    named = {
        p.name: REQUIRED if p.default is inspect.Parameter.empty else p.default
        for p in parameters
        if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    }
    return named, any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in parameters)
