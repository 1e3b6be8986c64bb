"""Whether more or less of a metric is better, as the metric's own class says."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

Mode = Literal["min", "max"]

_MODES: dict[str | None, Mode] = {"up": "max", "down": "min"}


def modes(network: Any, keys: Iterable[str]) -> dict[str, Mode]:
    """The mode of each key of the training's logs; absent where the metric has no direction.

    Reads `_direction`, which Keras's own `EarlyStopping` goes by. Keys are a metric's name with
    `val_` and, where there are several outputs, the output's name before it. Losses are `min`.
    """
    known = {metric.name: getattr(metric, "_direction", None) for metric in _metrics(network)}
    found = {key: _mode(key.removeprefix("val_"), known) for key in keys}
    return {key: mode for key, mode in found.items() if mode is not None}


def _metrics(network: Any) -> Iterator[Any]:
    """The metrics of a compiled network; Keras holds those of `compile` in containers."""
    for metric in network.metrics:
        yield from getattr(metric, "metrics", [metric])


def _mode(name: str, known: dict[str, str | None]) -> Mode | None:
    if name == "loss" or name.endswith("_loss"):
        return "min"
    fitting = [one for one in known if name == one or name.endswith(f"_{one}")]
    return _MODES.get(known[max(fitting, key=len)]) if fitting else None
