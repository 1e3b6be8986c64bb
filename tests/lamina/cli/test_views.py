"""A running job in its three forms."""

import io
import json
from typing import Any

import pytest
from rich.console import Console

from lamina.cli.views.bars import Bars
from lamina.cli.views.lines import Lines
from lamina.cli.views.plain import Plain
from lamina.client.events import JobEvent
from lamina.schemas.job import Job
from tests.lamina import resources

_LOGS = {"loss": 0.5, "val_loss": 0.25, "accuracy": 0.75}
_EVENTS = [
    JobEvent("job.state", {"state": "queued"}, 1),
    JobEvent("job.state", {"state": "running"}, 2),
    JobEvent("started", {"from_epoch": 0, "steps_per_epoch": 5}, 3),
    JobEvent("progress", {"epoch": 0, "epochs": 3, "step": 2, "steps_per_epoch": 5, "logs": {}}),
    JobEvent("epoch", {"epoch": 0, "logs": _LOGS, "seconds": 2.0}, 4),
    JobEvent("rewound", {"epoch": 0}, 5),
    JobEvent("advice", {"detail": "Use \x1b[31mless."}, 6),
]
_DONE = {
    "stop_reason": "early_stopping",
    "model": resources.MODEL_ID,
    "metrics": {"loss": {"last": 0.5, "best": 0.4, "best_epoch": 1, "mode": "min"}},
    "evaluation": {
        "part": "test",
        "rows": 3,
        "metrics": {"loss": 0.6},
        "baseline": {"predictor": "majority", "accuracy": 0.25},
        "lift_over_baseline": 0.5,
    },
}


def _job(state: str, **more: Any) -> Job:
    return Job.model_validate(resources.job(state, **more))


def test_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    with Plain(_job("queued")) as view:
        for event in _EVENTS:
            view.show(event)
    view.finish(_job("succeeded", **_DONE))
    assert capsys.readouterr().out.splitlines() == [
        f"{resources.JOB_ID} queued",
        "running",
        "epoch 1/3  loss 0.5  val_loss 0.25  accuracy 0.75  2.0 s",
        "started again from epoch 1",
        "advice: Use \ufffd[31mless.",
        f"{resources.JOB_ID} succeeded (early_stopping)",
        "best        loss 0.4",
        "test        loss 0.6",
        "baseline    accuracy 0.25  (majority)",
        f"model       {resources.MODEL_ID}   (lamina models get {resources.MODEL_ID})",
    ]


def test_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines(_job("queued")) as view:
        view.show(_EVENTS[4])
    view.finish(_job("failed"))
    event, job = map(json.loads, capsys.readouterr().out.splitlines())
    assert event == {
        "type": "epoch",
        "job": resources.JOB_ID,
        "seq": 4,
        "data": {"epoch": 0, "logs": _LOGS, "seconds": 2.0},
    }
    assert (job["object"], job["state"]) == ("job", "failed")


def _bars(*events: JobEvent) -> str:
    """What the bars show after these events."""
    view = Bars(_job("queued"))
    view.progress.live.console = Console(file=io.StringIO())
    for event in events:
        view.show(event)
    screen = Console(file=io.StringIO(), width=100)
    screen.print(view.progress.get_renderable())
    text = screen.file.getvalue()  # type: ignore[attr-defined]
    return " ".join(text.replace("━", "").replace("╸", "").replace("╺", "").split())


def test_bars_go_with_the_job() -> None:
    assert _bars() == "epochs 0/3 queued steps 0/?"
    assert _bars(*_EVENTS[:2]) == "epochs 0/3 running steps 0/?"
    assert _bars(*_EVENTS[:4]) == "epochs 0/3 steps 2/5"


def test_an_epoch_fills_the_steps_and_tells_the_time_left() -> None:
    assert _bars(*_EVENTS[:5]) == "epochs 1/3 loss 0.5 val_loss 0.25 4 s left steps 5/5"
