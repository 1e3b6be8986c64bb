"""Metrics in the units of the data where a network learns scaled numbers."""

from typing import Any

import keras

from engine.targets.number import Number


class InUnits(keras.metrics.Metric):  # type: ignore[misc]
    """A metric that is given targets and predictions with their scaling undone."""

    def __init__(self, inner: Any, way: Number) -> None:
        super().__init__(name=inner.name, dtype=inner.dtype)
        self._inner = inner
        scale, mean, std = way.scaling
        self._log = scale == "log"
        self._mean, self._std = list(mean), list(std)
        self._direction = getattr(inner, "_direction", None)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """As of the metric itself."""
        given = [self._undone(keras.ops.cast(one, "float32")) for one in (y_true, y_pred)]
        self._inner.update_state(*given, sample_weight=sample_weight)

    def _undone(self, numbers: Any) -> Any:
        wide = numbers * keras.ops.array(self._std, "float32") + keras.ops.array(
            self._mean, "float32"
        )
        if not self._log:
            return wide
        # e^88 is about the largest number of 32 bits.
        size = keras.ops.minimum(keras.ops.abs(wide), 88.0)
        return keras.ops.sign(wide) * keras.ops.expm1(size)

    def result(self) -> Any:
        """As of the metric itself."""
        return self._inner.result()

    def reset_state(self) -> None:
        """As of the metric itself."""
        self._inner.reset_state()

    def get_config(self) -> dict[str, Any]:
        """The metric's own: a saved network compares what it gives as it gives it."""
        return dict(self._inner.get_config())
