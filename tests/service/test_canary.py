"""What only the data can tell fails in seconds, with its pointer, before the long training."""

import io

import httpx2
import numpy as np

from tests.fixtures.service import Service
from tests.service.jobs import await_job


def test_indices_beyond_an_embedding_fail_the_canary(service: Service) -> None:
    content = io.BytesIO()
    tokens = np.full((64, 6), 7, np.int32)
    tokens[0, 0] = 12
    np.savez(content, tokens=tokens, label=np.arange(64) % 2)
    dataset = httpx2.post(
        f"{service.url}/v1/datasets?filename=tokens.npz",
        content=content.getvalue(),
        headers={"Content-Type": "application/octet-stream", "Prefer": "wait=60"},
        timeout=90,
    ).json()
    body = {
        "data": {"dataset": dataset["id"], "target": "label", "features": ["tokens"]},
        "stack": [
            {"class_name": "Embedding", "input_dim": 10, "output_dim": 2},
            {"class_name": "GlobalAveragePooling1D"},
            {"class_name": "Dense", "units": 1, "activation": "sigmoid"},
        ],
        "fit": {"epochs": 100_000},
    }
    answer = httpx2.post(f"{service.url}/v1/jobs", json=body, timeout=60)
    assert answer.status_code == 202, answer.text
    job = await_job(service, answer.json()["id"], seconds=60)
    assert job["state"] == "failed"
    assert (job["error"]["code"], job["error"]["blame"]) == ("canary-failed", "spec")
    assert job["error"]["pointer"] == "/stack/layers/1/input_dim"
    assert job["error"]["errors"][0]["fix"][0]["value"] == 13
    assert not job["metrics"], "no epoch was trained"
