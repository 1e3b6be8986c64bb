"""The task `curves`: every activation of the catalogue as a curve, computed by Keras itself."""

from typing import Any

import keras
import numpy as np

from engine.catalog import entries
from engine.port import Port

_REACH, _POINTS = 5.0, 100
_DIGITS = 5


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """`{"x": […], "curves": {name: {"y": […], "slope": […]}}}` over -5..5; null where not finite.

    Those that need arguments have no curve of their own. An activation that looks at several
    values (softmax, GLU) is given the pair (x, 0), and its first value is shown.
    """
    del payload, port
    x = np.linspace(-_REACH, _REACH, _POINTS, dtype=np.float32)
    curves = {
        name: _curve(entry.target, x)
        for name, entry in entries("activations").items()
        if not entry.forbidden and not set(entry.required) - {"x"}
    }
    return {"x": _plain(x), "curves": curves}


def _curve(function: Any, x: Any) -> dict[str, list[float | None]]:
    import tensorflow as tf

    given = tf.constant(np.stack([x, np.zeros_like(x)], axis=1))
    with tf.GradientTape() as tape:
        tape.watch(given)
        first = keras.ops.convert_to_tensor(function(given))[:, 0]
    slope = tape.gradient(first, given)
    slopes = np.zeros_like(x) if slope is None else np.asarray(slope)[:, 0]
    return {"y": _plain(np.asarray(first)), "slope": _plain(slopes)}


def _plain(values: Any) -> list[float | None]:
    return [round(float(v), _DIGITS) if np.isfinite(v) else None for v in values]
