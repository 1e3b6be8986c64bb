"""Jobs side by side."""

from typing import Any

from api.differences import differences
from models.metric import MetricPoint, MetricSummary
from tests.api.rows import make_dataset, make_job
from tests.api.running import Running


def request(units: int, rate: float, layers: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "stack": {"layers": layers or [{"class_name": "Dense", "units": units}]},
        "compile": {"optimizer": {"class_name": "Adam", "learning_rate": rate}},
        "fit": {"epochs": 3, "a/b": 1},
        "display_name": f"with {units}",
    }


def with_curve(service: Running, job: str, key: str, values: list[float]) -> None:
    mode = "max" if "acc" in key else "min"
    with service.database.session() as session:
        for x, value in enumerate(values):
            MetricPoint.record(session, job, "epoch", x, {key: value})
            MetricSummary.update(session, job, x, {key: value}, {key: mode})
            session.flush()


def test_best_values_differences_and_curves(service: Running) -> None:
    dataset = make_dataset(service.database, service.project())
    one, two, three = (
        make_job(service.database, service.project(), dataset, request=body)
        for body in (request(8, 0.1), request(16, 0.1), request(16, 0.1))
    )
    with_curve(service, one, "loss", [3.0, 1.0, 2.0])
    with_curve(service, two, "loss", [2.0, 1.5])
    with_curve(service, two, "accuracy", [0.4, 0.8])
    with_curve(service, three, "accuracy", [0.9, float("nan")])
    answer = service.client.get("/v1/compare", params={"job": [one, two, three], "max_points": 2})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert [job["id"] for job in body["jobs"]] == [one, two, three]
    metrics = {metric["key"]: metric for metric in body["metrics"]}
    assert metrics["loss"]["best_job"] == one
    assert metrics["accuracy"]["best_job"] == three
    assert metrics["loss"]["jobs"][one]["best"] == 1.0
    assert set(metrics["accuracy"]["jobs"]) == {two, three}
    assert body["differences"] == [
        {"pointer": "/stack/layers/0/units", "values": {one: 8, two: 16, three: 16}}
    ]
    assert body["curves"]["loss"][one] == {"epoch": [0, 2], "value": [3.0, 2.0]}
    assert body["curves"]["accuracy"][three]["value"] == [0.9, None]


def test_differences_are_the_deepest() -> None:
    found = differences(
        {
            "a": request(1, 0.1, [{"class_name": "Dense", "units": 1}, {"class_name": "ReLU"}]),
            "b": request(1, 0.2, [{"class_name": "LSTM", "units": 1}]),
        }
    )
    assert found == [
        (
            "/stack/layers/0",
            {"a": {"class_name": "Dense", "units": 1}, "b": {"class_name": "LSTM", "units": 1}},
        ),
        ("/stack/layers/1", {"a": {"class_name": "ReLU"}}),
        ("/compile/optimizer/learning_rate", {"a": 0.1, "b": 0.2}),
    ]


def test_names_are_escaped_and_lists_of_numbers_are_values() -> None:
    found = differences({"a": {"x/y~": [1, 2]}, "b": {"x/y~": [1, 3]}})
    assert found == [("/x~1y~0", {"a": [1, 2], "b": [1, 3]})]


def test_refusals(service: Running) -> None:
    dataset = make_dataset(service.database, service.project())
    job = make_job(service.database, service.project(), dataset)
    for jobs in ([job], [job, job], [f"job_{n:026d}" for n in range(21)]):
        answer = service.client.get("/v1/compare", params={"job": jobs})
        assert answer.status_code == 400, answer.text
        assert answer.json()["errors"][0]["parameter"] == "job"
    unknown = "job_01kaz8v7m2f5q0r9x3n6t4w1yc"
    answer = service.client.get("/v1/compare", params={"job": [job, unknown]})
    assert answer.status_code == 404
