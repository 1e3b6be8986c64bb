"""How many positions of the input one position of a layer's output looks at, along each axis.

The rule of a sliding window: r_out = r_in + (k - 1) j_in and j_out = j_in s, with the window k
(dilation counted in), the stride s, and j the distance in the input between two neighbouring
outputs (Araujo, Norris and Sim, Computing Receptive Fields of Convolutional Neural Networks,
Distill 2019). Borders are left out: padding makes the field smaller there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Any

from engine.catalog.family import family
from engine.stack import Network, Spec, Stack
from engine.stack.line import Line

Extent = int | None


@dataclass(frozen=True)
class Axis:
    """The field along one axis: what stands for `base` positions, and `reach` beyond.

    `jump` is the distance j. Behind an enlargement several neighbours share what lies beneath
    them: the reach then grows in steps of `grid`, the distance before it.
    """

    base: int = 1
    reach: Fraction = Fraction(0)
    grid: Fraction = Fraction(1)
    jump: Fraction = Fraction(1)

    @property
    def extent(self) -> int:
        """The positions of the input, between the first and the last that count."""
        return self.base + int(ceil(self.reach / self.grid) * self.grid)

    def slide(self, window: int, stride: int) -> "Axis":
        """Behind a window."""
        reach = self.reach + (window - 1) * self.jump
        return replace(self, reach=reach, jump=self.jump * stride)

    def spread(self, window: int, stride: int) -> "Axis":
        """Behind a transposed window, of which each output meets ceil(window / stride) inputs."""
        jump = self.jump / stride
        return Axis(self.extent, max(0, window - stride) * jump, self.jump, jump)


Field = tuple[Axis | None, ...]
"""The field along each axis of time or space; None where it is the whole axis."""

Rule = Callable[[Any, Field], Field | None]
_PASSES = frozenset({"activation", "normalisation", "regularisation"})


def receptive_fields(stack: Stack, network: Network) -> dict[str, list[Extent] | None]:
    """The field of every layer by name, in positions of the input it comes from.

    A list with a number for each axis of time or space, null for a whole axis; null instead of
    the list where a position stands for the whole input (behind Flatten, global pooling, Dense on
    flat rows) or where nothing is known. Where branches meet, the larger one counts.
    """
    fields: dict[str, Field | None] = {}
    for line in stack.lines:
        if line.name in network.tensors:
            fields[line.name] = _field(line, network, fields)
    return {name: _extents(field) if field else None for name, field in fields.items()}


def _extents(field: Field) -> list[Extent]:
    return [axis.extent if axis else None for axis in field]


def _field(line: Line, network: Network, fields: dict[str, Field | None]) -> Field | None:
    rank = len(network.tensors[line.name][0].shape) - 2
    if line.is_input:
        return (Axis(),) * rank if rank > 0 else None
    if line.class_name == "Embedding" and rank == 1:
        return (Axis(),)
    layer, before = network.layers[line.name], _joined([fields.get(r.layer) for r in line.inputs])
    rule = _rule(line.spec) if line.spec else None
    after = rule(layer, before) if rule and before else None
    return after if after and len(after) == rank else None


def _joined(given: list[Field | None]) -> Field | None:
    """The largest of several fields of as many axes; None where one of them is."""
    known = [field for field in given if field is not None]
    if not known or len(known) < len(given) or len({len(field) for field in known}) > 1:
        return None
    return tuple(map(_largest, zip(*known, strict=True)))


def _largest(axes: tuple[Axis | None, ...]) -> Axis | None:
    known = [axis for axis in axes if axis is not None]
    return max(known, key=lambda axis: axis.extent) if len(known) == len(axes) else None


def _slid(field: Field, windows: Iterable[int], strides: Iterable[int]) -> Field:
    return tuple(
        axis and axis.slide(window, stride)
        for axis, window, stride in zip(field, windows, strides, strict=True)
    )


def _spread(field: Field, windows: Iterable[int], strides: Iterable[int]) -> Field:
    return tuple(
        axis and axis.spread(window, stride)
        for axis, window, stride in zip(field, windows, strides, strict=True)
    )


def _rule(spec: Spec) -> Rule | None:
    found = _RULES.get(spec.entry.name)
    if found is None and family(spec.entry) in _PASSES:
        return _pass
    return found


def _pass(layer: Any, field: Field) -> Field:
    del layer
    return field


def _convolve(layer: Any, field: Field) -> Field:
    return _slid(field, _dilated(layer), layer.strides)


def _dilated(layer: Any) -> list[int]:
    pairs = zip(layer.kernel_size, layer.dilation_rate, strict=True)
    return [(size - 1) * rate + 1 for size, rate in pairs]


def _transpose(layer: Any, field: Field) -> Field:
    return _spread(field, _dilated(layer), layer.strides)


def _pool(layer: Any, field: Field) -> Field:
    return _slid(field, layer.pool_size, layer.strides)


def _enlarge(layer: Any, field: Field) -> Field:
    sizes = layer.size if isinstance(layer.size, tuple) else (layer.size,) * len(field)
    blurs = getattr(layer, "interpolation", "nearest") != "nearest"
    return _spread(field, [2 * size if blurs else size for size in sizes], sizes)


def _recur(layer: Any, field: Field) -> Field:
    del layer
    return (None, *field[1:])


def _recur_in_space(layer: Any, field: Field) -> Field | None:
    cell = layer.cell
    if len(field) != len(cell.kernel_size) + 1:
        return None
    return (None, *_slid(field[1:], _dilated(cell), cell.strides))


def _attend(layer: Any, field: Field) -> Field:
    del layer
    return (None,) * len(field)


def _each_step(layer: Any, field: Field) -> Field | None:
    rest = _RULES.get(type(layer.layer).__name__, _pass)(layer.layer, field[1:])
    return None if rest is None else (field[0], *rest)


_ATTENTION = ("Attention", "AdditiveAttention", "MultiHeadAttention", "GroupedQueryAttention")
_RULES: dict[str, Rule] = {
    **{f"Conv{rank}D": _convolve for rank in (1, 2, 3)},
    **{f"{kind}Conv{rank}D": _convolve for kind in ("Depthwise", "Separable") for rank in (1, 2)},
    **{f"Conv{rank}DTranspose": _transpose for rank in (1, 2, 3)},
    **{f"{kind}Pooling{rank}D": _pool for kind in ("Max", "Average") for rank in (1, 2, 3)},
    **{
        f"Adaptive{kind}Pooling{rank}D": _attend
        for kind in ("Max", "Average")
        for rank in (1, 2, 3)
    },
    **{f"UpSampling{rank}D": _enlarge for rank in (1, 2, 3)},
    **{f"ConvLSTM{rank}D": _recur_in_space for rank in (1, 2, 3)},
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional"), _recur),
    **dict.fromkeys(_ATTENTION, _attend),
    "TimeDistributed": _each_step,
    **dict.fromkeys(
        (
            *("Dense", "EinsumDense", "Identity", "Masking", "Rescaling", "Normalization"),
            *("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"),
            *(f"ZeroPadding{rank}D" for rank in (1, 2, 3)),
            *(f"Cropping{rank}D" for rank in (1, 2, 3)),
        ),
        _pass,
    ),
}
