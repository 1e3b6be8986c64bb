"""Advice on a plan, with what the service knows of the data; advice of a training."""

import httpx2

from tests.fixtures.service import Service
from tests.service.jobs import STACK, await_job, events, submit, upload_iris


def test_an_imbalanced_dataset_gets_advice_that_applies(service: Service) -> None:
    rows = [
        {"x": i / 100, "y": (i * 7 % 13) / 13, "label": "rare" if i % 20 == 0 else "common"}
        for i in range(200)
    ]
    dataset = httpx2.post(
        f"{service.url}/v1/datasets",
        json={"name": "imbalanced", "rows": rows},
        headers={"Prefer": "wait=60"},
        timeout=90,
    ).json()
    body = {
        "data": {"dataset": dataset["id"], "target": "label"},
        "stack": [
            {"class_name": "Dense", "units": 8},
            {"class_name": "Dense", "units": 2, "activation": "softmax"},
        ],
    }
    plan = httpx2.post(f"{service.url}/v1/jobs?validate_only=true", json=body, timeout=60).json()
    advice = {entry["rule"]: entry for entry in plan["advice"]}
    assert {"class-imbalance", "dense-without-activation"} <= set(advice)
    assert advice["dense-without-activation"]["pointer"].startswith("/stack/0")
    assert advice["dense-without-activation"]["fix"]


def test_a_finding_ends_the_training_that_asked_for_it(service: Service) -> None:
    slow = {"optimizer": {"class_name": "SGD", "learning_rate": 1e-9}}
    fit = {"epochs": 5000, "stop_on": ["loss-not-falling"]}
    dataset = upload_iris(service)
    job = await_job(service, submit(service, dataset, compile=slow, fit=fit))
    assert (job["state"], job["stop_reason"]) == ("succeeded", "finding:loss-not-falling")
    found = {one["rule"]: one for one in job["advice"] if one["source"] == "training"}
    assert found["loss-not-falling"]["fix"][0]["value"] == 0.001
    told = [event["data"] for event in events(service, job["id"]) if event["type"] == "advice"]
    assert told[0]["rule"] == "loss-not-falling"

    body = {
        "data": {"dataset": dataset, "target": "species"},
        "stack": STACK,
        "fit": {"stop_on": ["overfit"]},
    }
    refused = httpx2.post(f"{service.url}/v1/jobs", json=body, timeout=60)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/fit/stop_on/0"
