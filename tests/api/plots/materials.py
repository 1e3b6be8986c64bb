"""What the plots are drawn from in tests: small, with hostile names and missing values."""

import math
from typing import Any

from api.plots import Material
from api.series import Columns
from lamina.schemas.evaluation import EvaluationReport
from lamina.schemas.history import RangeTest

NASTY = '<b>&"bad"</b>\x07 ünïcode 类 ' + "long " * 20
_EPOCHS = list(range(40))
_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def columns(**values: list[float | None]) -> Columns:
    """Curves over the epochs."""
    return Columns(_EPOCHS, values, [], False)


def report(**output: Any) -> EvaluationReport:
    """The report of one output."""
    return EvaluationReport.model_validate(
        {
            "job": "job_x",
            "dataset": "ds_x",
            "part": "test",
            "rows": 9,
            "metrics": {"loss": None},
            "outputs": {"out": {"target": NASTY, "rows": 9, **output}},
        }
    )


def _falling(floor: float, gap: bool = False) -> list[float | None]:
    found: list[float | None] = [floor + math.exp(-epoch / 8) for epoch in _EPOCHS]
    if gap:
        found[3] = found[20] = None
    return found


_CURVE = {"label": NASTY, "area": 0.75, "x": [0.0, 0.5, 1.0], "y": [0.0, 1.0, 1.0]}
_PAIRS = {"rows": [1, 2, 3], "true": [1.0, 2.0, None], "predicted": [1e9, -3.0, 4.0]}

COURSE = Material(
    NASTY,
    curves=columns(loss=_falling(0.1, gap=True), val_loss=_falling(0.2)),
    gradients=columns(lstm=_falling(1e-9), **{"lstm/reach": _falling(0.1)}),
    rates=columns(learning_rate=[0.001] * 40),
    range_test=RangeTest(
        learning_rate=0.01,
        found=True,
        rates=[10.0 ** (place / 10 - 7) for place in range(70)],
        losses=[2 - place / 50 + (place % 3) / 10 for place in range(69)] + [1e30],
        smoothed=[2 - place / 50 for place in range(70)],
    ),
    convolutions=True,
    filters={"layer": "conv<2>", "class_name": "Conv2D", "filters": [[[1.0]]], "left_out": 0},
)
CLASSES = Material(
    NASTY,
    report=report(
        kind="classes",
        confusion={"labels": [NASTY, 0, True], "counts": [[5, 0, 0], [0, 0, 0], [1, 2, 99999]]},
        roc=[_CURVE] * 10,
        pr=[_CURVE],
        positive=True,
        calibration=[{"lower": 0, "upper": 0.1, "predicted": 0.05, "observed": 0.0, "rows": 9}],
        worst=[{"row": 4, "true": NASTY, "predicted": 0, "score": 0.5, "loss": None}],
    ),
    pictures={"4": {"input": _PIXEL}},
)
NUMBERS = Material(
    NASTY,
    report=report(
        kind="numbers",
        residuals={"edges": [-1.0, 0.0, 1e7], "counts": [0, 3]},
        sample=_PAIRS,
        worst=[{"row": 4, "loss": 0.5}],
    ),
    pictures={"4": {"input": _PIXEL, "true": _PIXEL, "predicted": _PIXEL}},
)
SERIES = Material(
    NASTY,
    report=report(
        kind="numbers",
        sample=_PAIRS,
        forecast={**_PAIRS, "series": NASTY, "at": ["2026-01-01", "2026-01-02", NASTY]},
    ),
)
FLAT = Material("flat", curves=Columns([0], {"loss": [0.0], "val_loss": [None]}, [], False))
