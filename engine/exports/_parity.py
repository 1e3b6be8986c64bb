"""Whether a written form gives what the network gives."""

from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.exports._subject import refused

ABSOLUTE = 1e-4
RELATIVE = 1e-3


def parity(wanted: dict[str, Array], found: dict[str, Array], runtime: str) -> dict[str, Any]:
    """The report of a comparison, output by output.

    `max_abs` is the largest difference, `max_rel` the largest one over the largest output. An
    element may differ by ABSOLUTE + RELATIVE * |wanted|. Raises Fault("export-failed") if one
    differs by more.
    """
    most, scale, bad = 0.0, 0.0, None
    for name, reference in wanted.items():
        right, got = reference.astype(np.float64), found[name].astype(np.float64)
        if got.shape != right.shape:
            raise refused(
                f"{runtime} gives {name!r} the shape {list(got.shape)}, not {list(right.shape)}."
            )
        finite = np.isfinite(right)
        if finite.any():
            scale = max(scale, float(np.abs(right[finite]).max()))
            gaps = np.abs(right - got)[finite]
            most = max(most, float(np.nan_to_num(gaps, nan=np.inf).max()))
        if not np.allclose(got, right, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True):
            bad = name
    rows = len(next(iter(wanted.values())))
    if bad is not None:
        detail = f"differs by up to {most:.3g}" if np.isfinite(most) else "gives NaN"
        raise refused(f"{runtime} does not compute the same: {bad!r} {detail} on {rows} rows.")
    return {
        "rows": rows,
        "max_abs": most,
        "max_rel": most / scale if scale else most,
        "runtime": runtime,
    }
