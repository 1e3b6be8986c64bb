"""Advice on a plan, with what the service knows of the data."""

import httpx2

from tests.fixtures.service import Service


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
