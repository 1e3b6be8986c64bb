"""Class weights: how much a row counts by its class."""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from engine.dataset.content import Array
from engine.dataset.encoder import Encoder
from engine.encodings._base import spell
from engine.faults import Fault
from engine.targets import OF_CLASSES

if TYPE_CHECKING:
    from engine.training.parts import Source


def class_weights(
    wanted: Literal["balanced"] | dict[str, Any], encoder: Encoder, source: "Source"
) -> dict[str, Array]:
    """The weight of each row (`float32[rows]`), by the name of each output with classes.

    `balanced` gives class c the weight rows / (classes * rows of c), counted in the training
    part (G. King and L. Zeng, "Logistic Regression in Rare Events Data", 2001). A dict gives
    weights by label, 1 for labels that it leaves out.
    """
    found: dict[str, Array] = {}
    for name, target in encoder.targets.items():
        if target.form not in OF_CLASSES:
            continue
        numbers = target.class_numbers(source.dataset.values(target.column, source.rows))
        labels = [spell(label) for label in target.classes]
        if wanted == "balanced":
            counts = np.bincount(numbers, minlength=len(labels))
            present = int((counts > 0).sum())
            factors = len(numbers) / (present * np.maximum(counts, 1))
        else:
            unknown = sorted(set(wanted) - set(labels))
            if unknown:
                detail = f"class_weight names labels that {target.column!r} lacks: {unknown}."
                raise Fault("data-error", detail)
            factors = np.array([float(wanted.get(label, 1)) for label in labels])
        found[name] = factors.astype(np.float32)[numbers]
    return found
