"""What notebooks show: well-formed, and no place for anybody's markup."""

from typing import Any
from xml.etree import ElementTree

import pytest

from lamina.client import JobHandle
from lamina.notebook.curves import curves
from lamina.schemas.dataset import Dataset
from lamina.schemas.history import History, MetricSeries
from lamina.schemas.job import Job
from lamina.schemas.model import Model
from lamina.schemas.plan import Plan

EVIL = "</td></svg><script>alert(1)</script><img src=x onerror='alert(2)'>\" onload=\"alert(3)&amp;"
NOW = "2026-11-25T12:00:00Z"
# The forbidden ones are those that do something.
DOING = frozenset({"script", "img", "iframe", "object", "link", "a", "form", "foreignObject"})

JOB: dict[str, Any] = {
    "id": "job_1", "state": "running", "display_name": EVIL, "tags": [], "metadata": {},
    "dataset": "ds_1", "model": None, "request": {}, "architecture": EVIL,
    "parameters": {"total": 12345}, "priority": 0, "attempt": 1, "failures": 0,
    "progress": {"epoch": 1, "epochs": 4, "step": 2, "steps_per_epoch": 8, "fraction": 0.3},
    "metrics": {EVIL: {"last": None, "best": 0.25, "best_epoch": 0, "mode": "min"}},
    "evaluation": {"part": "test", "rows": 3, "metrics": {EVIL: 0.5, "mae": None}},
    "stop_reason": None, "device": None, "queue_position": None, "links": {},
    "error": {"code": "crashed", "blame": "platform", "retryable": True, "detail": EVIL},
    "created_at": NOW, "started_at": NOW, "finished_at": None, "updated_at": NOW,
}  # fmt: skip
COUNTS = {"trainable": 3, "frozen": None}
LAYER: dict[str, Any] = {
    "name": EVIL, "class_name": EVIL, "input_shape": [None, 4], "output_shape": [[None, 2], [1]],
    "parameters": COUNTS, "activation_bytes": 1, "flops": 1,
}  # fmt: skip
PLAN: dict[str, Any] = {
    "layers": [LAYER] * 100, "parameters": {**COUNTS, "total": 10**12}, "steps_per_epoch": 7,
    "architecture": EVIL, "request": {},
    "advice": [
        {
            "rule": "r", "source": "stack", "severity": "hint",
            "pointer": EVIL, "detail": EVIL, "why": "",
        }
    ],
}  # fmt: skip
MODEL: dict[str, Any] = {
    "id": "mdl_1", "job": "job_1", "dataset": "ds_1", "attempt": 1,
    "tags": [], "metadata": {}, "architecture": EVIL, "parameters": None, "stack": {},
    "summary": "",
    "display_name": EVIL, "exports": [],
    "files": [{"format": "keras", "bytes": 5, "digest": "0"}],
    "created_at": NOW, "updated_at": NOW, "links": {},
}  # fmt: skip
DATASET: dict[str, Any] = {
    "id": "ds_1", "state": "ready", "name": EVIL, "version": 1, "format": "csv", "bytes": 9,
    "digest": "0", "rows": 3, "filename": None,
    "columns": [{"name": EVIL, "kind": "number", "dtype": "float32"}] * 70,
    "classes": None, "error": None, "created_at": NOW, "updated_at": NOW, "links": {},
    "tags": [], "metadata": {},
}  # fmt: skip
SERIES: dict[str, Any] = {
    "job": "job_1", "x": "epoch", "nonfinite": [], "downsampled": False, "next_after": 3,
    "data": {
        "epoch": [0, 1, 2, 3], "loss": [1.0, None, 0.5, 0.25], "val_loss": [2.0, 1, 1, 1],
        EVIL: [1] * 4,
    },
}  # fmt: skip
HISTORY: dict[str, Any] = {"epoch": [0], "params": {}, "history": {"loss": [0.5], EVIL: [None]}}


def shown(thing: Any) -> ElementTree.Element:
    """What a notebook shows of it, read strictly."""
    return ElementTree.fromstring(thing._repr_html_())


@pytest.mark.parametrize(
    "thing",
    [
        Job.model_validate(JOB),
        JobHandle(None, Job.model_validate(JOB)),
        Plan.model_validate(PLAN),
        Model.model_validate(MODEL),
        Dataset.model_validate(DATASET),
        MetricSeries.model_validate(SERIES),
        History.model_validate(HISTORY),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_names_stay_text(thing: Any) -> None:
    tree = shown(thing)
    assert not DOING & {part.tag for part in tree.iter()}
    assert not [name for part in tree.iter() for name in part.attrib if name.startswith("on")]
    assert "<script>" in "".join(tree.itertext())


def test_curves_show_training_and_validation_together() -> None:
    first, second = shown(MetricSeries.model_validate(SERIES)).iter("svg")
    assert first.get("aria-label") == "loss by epoch: loss 0.25, val_loss 1"
    # A gap where a value was not finite: a point before it, a line after it.
    assert len(list(first.iter("circle"))) == 1
    assert len(list(first.iter("polyline"))) == 2
    assert EVIL in (second.get("aria-label") or "")


def test_long_curves_are_thinned_and_stay_in_their_frame() -> None:
    steps = list(range(100_000))
    (svg,) = ElementTree.fromstring(curves({"step": steps, "loss": steps}, "step")).iter("svg")
    (line,) = svg.iter("polyline")
    points = [tuple(map(float, one.split(","))) for one in (line.get("points") or "").split()]
    assert len(points) < 500
    assert points[-1] == (350.0, 26.0)
    assert all(58 <= x <= 350 and 26 <= y <= 176 for x, y in points)


def test_nothing_to_draw_is_said() -> None:
    assert "no points" in curves({"epoch": []}, "epoch")
