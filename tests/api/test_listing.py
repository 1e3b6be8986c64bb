"""Filters and orders of the list of jobs, on both databases."""

from typing import Any

import pytest

from models.job import Job
from models.metric import MetricSummary
from tests.api.rows import make_dataset, make_job
from tests.api.running import Running

Names = dict[str, str]


def request(optimizer: str, rate: Any, epochs: int, units: int) -> dict[str, Any]:
    return {
        "stack": {"layers": [{"class_name": "Dense", "units": units, "use_bias": True}]},
        "compile": {"optimizer": {"class_name": optimizer, "learning_rate": rate}},
        "fit": {"epochs": epochs, "batch_size": 32},
    }


def plan(total: int, *layers: str) -> dict[str, Any]:
    return {
        "parameters": {"total": total},
        "layers": [{"class_name": name} for name in layers],
        "advice": [],
    }


def with_metric(service: Running, job: str, key: str, best: float | None) -> None:
    with service.database.session() as session:
        row = {"mode": "max", "last": 0.5, "best": best, "best_epoch": 3}
        session.add(MetricSummary(job_id=job, key=key, **row))


@pytest.fixture(scope="module")
def jobs(service: Running) -> Names:
    """Four jobs by the name that they are shown with."""
    made = {}
    dataset = make_dataset(service.database, service.project())
    rows: list[tuple[str, dict[str, Any]]] = [
        (
            "cnn of digits",
            {
                "request": request("Adam", 0.001, 10, 8),
                "plan": plan(5000, "Conv2D", "Conv2D", "Dense"),
                "parameters": 5000,
                "architecture": "cnn",
                "tags": ["vision", "listing"],
                "labels": {"team": "blue"},
            },
        ),
        (
            "lstm",
            {
                "request": request("RMSprop", 0.01, 20, 16),
                "plan": plan(900, "LSTM", "Dense"),
                "parameters": 900,
                "architecture": "rnn",
                "tags": ["listing"],
                "labels": {"team": "red"},
                "priority": 5,
            },
        ),
        (
            "100% odd_name",
            {
                "request": request("SGD", {"class_name": "CosineDecay"}, 5, 4),
                "plan": plan(70, "Dense"),
                "parameters": 70,
                "tags": ["listing", 'quo"te'],
            },
        ),
        ("nothing known", {"tags": ["listing"]}),
    ]
    for name, values in rows:
        made[name] = make_job(
            service.database, service.project(), dataset, display_name=name, **values
        )
    with_metric(service, made["cnn of digits"], "val_accuracy", 0.95)
    with_metric(service, made["lstm"], "val_accuracy", 0.7)
    with_metric(service, made["100% odd_name"], "val_accuracy", None)
    with service.database.session() as session:
        failed = session.get_one(Job, made["lstm"])
        error = {"code": "diverged", "blame": "spec", "retryable": False, "detail": "NaN"}
        assert failed.move(session, "queued", "failed", error=error)
    return made


def listed(service: Running, filter: str | None = None, **params: Any) -> list[str]:
    """The names of the jobs of this module that are listed, in their order."""
    given = {"filter": f"tags:listing AND ({filter})" if filter else "tags:listing", **params}
    answer = service.client.get("/v1/jobs", params=given)
    assert answer.status_code == 200, answer.text
    return [job["display_name"] for job in answer.json()["data"]]


CNN, LSTM, ODD, BARE = "cnn of digits", "lstm", "100% odd_name", "nothing known"


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ('state = "failed"', {LSTM}),
        ("state != failed", {CNN, ODD, BARE}),
        ("tags:vision", {CNN}),
        ("""tags:'quo"te'""", {ODD}),
        ("NOT tags:vision", {LSTM, ODD, BARE}),
        ("metadata.team = red", {LSTM}),
        ("metadata.team:*", {CNN, LSTM}),
        ("NOT metadata.team = red", {CNN, ODD, BARE}),
        ("metadata.team != red", {CNN, ODD, BARE}),
        ("metrics.val_accuracy.best > 0.9", {CNN}),
        ("NOT metrics.val_accuracy.best > 0.9", {LSTM, ODD, BARE}),
        ("metrics.val_accuracy.best_epoch = 3", {CNN, LSTM, ODD}),
        ("layers.Conv2D >= 2", {CNN}),
        ("layers.Conv2D = 0", {LSTM, ODD, BARE}),
        ("layers.Dense = 1 AND parameters < 1000", {LSTM, ODD}),
        ("architecture = null", {ODD, BARE}),
        ("architecture:*", {CNN, LSTM}),
        ("optimizer = Adam OR optimizer = RMSprop AND epochs > 10", {LSTM}),
        ("learning_rate < 0.005", {CNN}),
        ("learning_rate:*", {CNN, LSTM}),
        ("request.stack.layers.0.units >= 8", {CNN, LSTM}),
        ("request.stack.layers.0.use_bias = true", {CNN, LSTM, ODD}),
        ("request.fit.nothing = 1", set()),
        ("error.code = diverged", {LSTM}),
        ('display_name = "cnn*"', {CNN}),
        ('display_name = "*odd*"', {ODD}),
        ('display_name = "*DIGITS"', {CNN}),
        ('display_name = "CNN of digits"', set()),
        ('display_name != "*n*"', {LSTM}),
        ("display_name:DIGITS", {CNN}),
        ('display_name = "1__%*"', set()),
        ('display_name:"%"', {ODD}),
        ('created_at > "2020-01-01T00:00:00Z"', {CNN, LSTM, ODD, BARE}),
        ('created_at > "2020-01-01T00:00:00+02:00" AND finished_at = null', {CNN, ODD, BARE}),
        ("priority = 5", {LSTM}),
    ],
)
def test_filters(service: Running, jobs: Names, filter: str, expected: set[str]) -> None:
    assert set(listed(service, filter)) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("metrics.val_accuracy.best desc", [CNN, LSTM, BARE, ODD]),
        ("metrics.val_accuracy.best", [LSTM, CNN, BARE, ODD]),
        ("parameters desc", [CNN, LSTM, ODD, BARE]),
        ("created_at", [CNN, LSTM, ODD, BARE]),
        ("learning_rate", [CNN, LSTM, BARE, ODD]),
        ("priority desc", [LSTM, BARE, ODD, CNN]),
    ],
)
def test_orders_page_by_page(
    service: Running, jobs: Names, order: str, expected: list[str]
) -> None:
    assert listed(service, order_by=order) == expected
    found, token = [], None
    while True:
        params = {"filter": "tags:listing", "order_by": order, "page_size": 1}
        if token:
            params["page_token"] = token
        page = service.client.get("/v1/jobs", params=params).json()
        found += [job["display_name"] for job in page["data"]]
        token = page["next_page_token"]
        if not page["has_more"]:
            break
    assert found == expected


def test_what_is_wrong_points_at_the_parameter(service: Running) -> None:
    answer = service.client.get("/v1/jobs", params={"filter": "metric.loss.best > 1"})
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["parameter"] == "filter"
    assert "metrics" in error["did_you_mean"]
    answer = service.client.get("/v1/jobs", params={"order_by": "created_at down"})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "order_by")


def test_a_token_belongs_to_its_list(service: Running, jobs: Names) -> None:
    params = {"filter": "tags:listing", "order_by": "parameters", "page_size": 1}
    token = service.client.get("/v1/jobs", params=params).json()["next_page_token"]
    other = {**params, "order_by": "priority", "page_token": token}
    assert service.client.get("/v1/jobs", params=other).status_code == 400
