"""What `compile`, `fit` and `callbacks` ask for, over HTTP, beside the same in plain Keras."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tests.fixtures.databases import ROOT
from tests.fixtures.service import Service
from tests.service.jobs import await_job
from tests.service.parted import FEATURES, rows

ADAM = {"class_name": "Adam", "learning_rate": 0.01}
KIND = {"class_name": "Dense", "name": "kind", "units": 3, "activation": "softmax"}
STACK = [
    {"class_name": "Dense", "units": 8, "activation": "relu"},
    {"class_name": "Dropout", "name": "dropped", "rate": 0.2},
    KIND,
]
COSINE = {
    "class_name": "CosineDecay",
    "initial_learning_rate": 0.001,
    "decay_steps": 20,
    "warmup_target": 0.05,
    "warmup_steps": 10,
}
WATCHED = {"monitor": "val_loss", "min_delta": 0.3}
RESTORED = {"restore_best_weights": True}
AVERAGED = {"class_name": "Adam", "learning_rate": 0.02, "use_ema": True, "ema_momentum": 0.8}


def _by(class_name: str, rate: float = 0.02, **more: Any) -> dict[str, Any]:
    return {"compile": {"optimizer": {"class_name": class_name, "learning_rate": rate, **more}}}


SHORT: dict[str, dict[str, Any]] = {
    "clipped, with rates by epoch": {
        **_by("SGD", 0.1, momentum=0.9, nesterov=True, clipnorm=0.1),
        "callbacks": [{"class_name": "LearningRateScheduler", "schedule": [0.2, 0.1, 0.01]}],
    },
    "accumulated, with weights of classes": {
        **_by("Adam", 0.05, gradient_accumulation_steps=3),
        "fit": {"class_weight": {"setosa": 1.0, "versicolor": 0.2, "virginica": 3.0}},
    },
    "scheduled and balanced": {
        "compile": {"optimizer": {"class_name": "SGD", "learning_rate": COSINE}},
        "fit": {"class_weight": "balanced"},
    },
    "averaged": {"compile": {"optimizer": {**AVERAGED, "ema_overwrite_frequency": 4}}},
    "outputs": {
        "data": {"target": {"kind": "species", "size": "petal width"}, "sample_weight": "weight"},
        "stack": [*STACK, {"class_name": "Dense", "name": "size", "units": 1, "inputs": "dropped"}],
        "compile": {
            "loss": {"kind": "sparse_categorical_crossentropy", "size": "huber"},
            "loss_weights": {"kind": 1.0, "size": 0.3},
            "metrics": {"kind": ["accuracy"], "size": ["mae"]},
            "weighted_metrics": {"size": ["mse"]},
        },
    },
    "slowed, then stopped": {
        **_by("SGD", 0.3),
        "callbacks": [
            {"class_name": "ReduceLROnPlateau", **WATCHED, "factor": 0.3, "patience": 1},
            {"class_name": "EarlyStopping", **WATCHED, "patience": 2, **RESTORED},
        ],
    },
}
LONG: dict[str, dict[str, Any]] = {
    "clipped globally": _by("Adam", 0.05, global_clipnorm=0.05),
    "clipped by value": _by("RMSprop", 0.01, clipvalue=0.01),
    "swapped": {"compile": {"optimizer": AVERAGED}, "callbacks": ["SwapEMAWeights"]},
    "decayed": _by("AdamW", weight_decay=0.1),
    "weighted rows": {
        "data": {"sample_weight": "weight"},
        "compile": {"weighted_metrics": ["accuracy"]},
    },
    "many at once": {"compile": {"steps_per_execution": 3}},
    "compiled": {"compile": {"jit_compile": True}},
    "half": {"fit": {"precision": "mixed_bfloat16"}},
    **{
        name: _by(name)
        for name in ("Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl", "Lion", "Lamb", "Adafactor")
    },
}
Plain = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def plain(request: pytest.FixtureRequest) -> Plain:
    """What plain Keras finds by case, of all those that are to run, by one child."""
    names = [*SHORT, *LONG]
    wanted = [
        name for name in names if any(f"[{name}]" in one.name for one in request.session.items)
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.service.plain_keras", *wanted],
        capture_output=True,
        cwd=ROOT,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found.__getitem__


@pytest.fixture(scope="module")
def dataset(service: Service) -> str:
    """Iris with a weight and a part for each row."""
    text, given = io.StringIO(), rows()
    writer = csv.DictWriter(text, list(given[0]))
    writer.writeheader()
    writer.writerows(given)
    answer = httpx2.post(
        f"{service.url}/v1/datasets?filename=parts.csv",
        content=text.getvalue().encode(),
        headers={"Content-Type": "text/csv", "Prefer": "wait=60"},
        timeout=90,
    )
    assert answer.json()["state"] == "ready", answer.text
    return str(answer.json()["id"])


def _body(dataset: str, changes: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "data": {
            "dataset": dataset,
            "target": "species",
            "features": FEATURES,
            "split": {"by": "column", "column": "part"},
        },
        "stack": STACK,
        "compile": {
            "optimizer": ADAM,
            "loss": "sparse_categorical_crossentropy",
            "metrics": ["accuracy"],
        },
        "fit": {"epochs": 5, "batch_size": 16, "seed": 7, "shuffle": False},
        "callbacks": [],
    }
    return {
        name: {**given, **changes.get(name, {})}
        if isinstance(given, dict)
        else changes.get(name, given)
        for name, given in body.items()
    }


@pytest.mark.parametrize(
    "name", [*SHORT, *(pytest.param(name, marks=pytest.mark.long) for name in LONG)]
)
def test_the_numbers_are_those_of_keras(
    name: str, service: Service, dataset: str, plain: Plain
) -> None:
    body = _body(dataset, {**SHORT, **LONG}[name])
    made = httpx2.post(f"{service.url}/v1/jobs", json=body, timeout=60)
    assert made.status_code == 202, made.text
    job = await_job(service, made.json()["id"])
    assert job["state"] == "succeeded", job["error"]
    expected = dict(plain(name))
    near = {"rel": 0.03, "abs": 0.03} if name == "half" else {"rel": 2e-4, "abs": 2e-5}
    assert job["evaluation"]["metrics"]["loss"] == pytest.approx(expected.pop(""), **near)
    history = httpx2.get(f"{service.url}/v1/jobs/{job['id']}/history").json()["history"]
    assert set(history) == set(expected)
    for key, values in expected.items():
        assert history[key] == pytest.approx(values, **near), key
    if name == "slowed, then stopped":
        assert 2 < len(history["loss"]) < 5
        assert len(set(history["learning_rate"])) > 1
