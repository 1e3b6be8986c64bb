"""Short real jobs with encodings and targets beyond the usual ones, through HTTP."""

import base64
import csv
import io
import zipfile
from datetime import date, timedelta
from typing import Any

import httpx2
import numpy as np
import pytest
from PIL import Image

from tests.fixtures.service import Service
from tests.service.jobs import await_job

RNG = np.random.default_rng(0)
ROWS = 240


def upload(service: Service, content: bytes, filename: str) -> str:
    answer = httpx2.post(
        f"{service.url}/v1/datasets?name=x&filename={filename}",
        content=content,
        headers={"Content-Type": "application/octet-stream", "Prefer": "wait=60"},
        timeout=90,
    )
    assert answer.is_success, answer.text
    assert answer.json()["state"] == "ready", answer.text
    return str(answer.json()["id"])


def table(header: list[str], rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([header, *rows])
    return text.getvalue().encode()


def trained(service: Service, body: dict[str, Any]) -> dict[str, Any]:
    answer = httpx2.post(f"{service.url}/v1/jobs", json=body, timeout=60)
    assert answer.status_code == 202, answer.text
    job = await_job(service, answer.json()["id"])
    assert job["state"] == "succeeded", job
    return job


def predict(service: Service, job: dict[str, Any], records: list[dict[str, Any]]) -> list[Any]:
    answer = httpx2.post(
        f"{service.url}/v1/models/{job['model']}/predict", json={"records": records}, timeout=90
    )
    assert answer.is_success, answer.text
    found: list[Any] = answer.json()["predictions"]
    return found


def test_dates_in_and_several_scaled_numbers_out(service: Service) -> None:
    days = [date(2024, 1, 1) + timedelta(days=int(n)) for n in RNG.integers(0, 700, ROWS)]
    amounts = np.exp(RNG.normal(8, 2, ROWS))
    sizes = RNG.choice(["small", "large"], ROWS)
    warm = np.array([np.sin(2 * np.pi * (day.month - 4) / 12) for day in days])
    heat, sold = 3000 + 1000 * warm, 50_000 + 9000 * np.log(amounts)
    header = ["day", "amount", "size", "heat", "sold"]
    rows = [list(row) for row in zip(days, amounts, sizes, heat, sold, strict=True)]
    dataset = upload(service, table(header, rows), "sales.csv")
    encoding = {"amount": "log", "size": {"class_name": "ordinal", "order": ["small", "large"]}}
    way = {"class_name": "number", "scale": "standard"}
    columns = ["day", "amount", "size"]
    data = {
        "dataset": dataset,
        "inputs": {"input": {"columns": columns, "encoding": encoding}},
        "target": {"columns": ["heat", "sold"], "encoding": way},
    }
    body = {
        "data": data,
        "stack": [
            {"class_name": "Dense", "units": 32, "activation": "relu"},
            {"class_name": "Dense", "units": 2},
        ],
        "compile": {"optimizer": {"class_name": "Adam", "learning_rate": 0.02}},
        "fit": {"epochs": 60, "seed": 1},
    }
    wrong = {**body, "data": {**data, "target": {**data["target"], "encoding": {**way, "scal": 1}}}}
    refused = httpx2.post(f"{service.url}/v1/jobs", json=wrong, timeout=60)
    assert refused.status_code == 422
    items = {one["pointer"]: one for one in refused.json()["errors"]}
    assert items["/data/target/encoding/scal"]["did_you_mean"] == ["scale"]

    job = trained(service, body)
    assert job["request"]["data"]["target"] == data["target"]
    names = [one["class_name"] for one in job["request"]["data"]["inputs"]["input"]["encoding"]]
    assert names == ["date", "log", "ordinal"]
    # Errors are in the units of the columns, of which one is in tens of thousands.
    evaluation = job["evaluation"]
    assert 20 < evaluation["metrics"]["mae"] < 0.3 * evaluation["baseline"]["mae"]
    assert evaluation["baseline"]["mae"] > 3000
    summer = {"day": "2025-07-15", "amount": 3000.0, "size": "small"}
    winter = {"day": "2025-01-15T06:00:00Z", "amount": 3000.0, "size": None}
    one, two = (answer["values"] for answer in predict(service, job, [summer, winter]))
    assert 3500 < one["heat"] < 4500
    assert 1500 < two["heat"] < 2500
    assert 110_000 < one["sold"] < 135_000


def test_texts_with_word_pairs_get_several_labels(service: Service) -> None:
    words = {"red": "crimson rose", "wet": "heavy rain", "old": "ancient wall"}
    rows = []
    for number in range(ROWS):
        labels = [label for label in words if RNG.random() < 0.4]
        parts = [words[label] for label in labels] + ["plain talk"]
        rows.append([" ".join(RNG.permutation(parts)) + f" no{number}", "|".join(labels)])
    dataset = upload(service, table(["text", "tags"], rows), "tags.csv")
    tokens = {"class_name": "tokens", "length": "auto", "max_tokens": 50, "ngrams": 2}
    body = {
        "data": {
            "dataset": dataset,
            "inputs": {"input": {"columns": ["text"], "encoding": tokens}},
            "target": {"columns": "tags", "encoding": "multi_label"},
        },
        "stack": [
            {"class_name": "Embedding", "input_dim": 50, "output_dim": 8, "mask_zero": True},
            {"class_name": "GlobalAveragePooling1D"},
            {"class_name": "Dense", "units": 3, "activation": "sigmoid"},
        ],
        "compile": {"optimizer": {"class_name": "Adam", "learning_rate": 0.05}},
        "fit": {"epochs": 25, "seed": 1},
    }
    job = trained(service, body)
    assert job["request"]["compile"]["loss"]["class_name"] == "BinaryCrossentropy"
    # Rows without any label are rows like others.
    assert job["evaluation"]["rows"] == ROWS // 5
    assert job["evaluation"]["metrics"]["accuracy"] > 0.95
    assert job["evaluation"]["baseline"]["accuracy"] < 0.75
    both, none = predict(
        service, job, [{"text": "A CRIMSON rose, heavy rain!"}, {"text": "Plain talk"}]
    )
    assert both["labels"] == ["red", "wet"]
    assert none["labels"] == []
    assert set(both["scores"]) == {"red", "wet", "old"}


def test_pictures_of_any_size_are_padded_and_scaled(service: Service) -> None:
    def picture(level: int, height: int, width: int) -> bytes:
        pixels = np.clip(RNG.normal(level, 20, (height, width, 3)), 0, 255).astype(np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, format="PNG")
        return buffer.getvalue()

    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for number in range(30):
            for name, level in (("dark", 50), ("light", 200)):
                height, width = (int(side) for side in RNG.integers(6, 15, 2))
                file.writestr(f"{name}/{number}.png", picture(level, height, width))
    dataset = upload(service, archive.getvalue(), "pictures.zip")
    encoding = {"class_name": "image", "resize": "pad", "scale": "standard"}
    body = {
        "data": {
            "dataset": dataset,
            "inputs": {"input": {"columns": ["image"], "encoding": encoding}},
        },
        "stack": [
            {"class_name": "Input", "shape": [8, 8, 1], "name": "input"},
            {"class_name": "RandomFlip", "mode": "horizontal"},
            {"class_name": "Conv2D", "filters": 4, "kernel_size": 3, "activation": "relu"},
            {"class_name": "GlobalAveragePooling2D"},
            {"class_name": "Dense", "units": 2, "activation": "softmax"},
        ],
        "compile": {"optimizer": {"class_name": "Adam", "learning_rate": 0.05}},
        "fit": {"epochs": 20, "seed": 1},
    }
    job = trained(service, body)
    settled = job["request"]["data"]["inputs"]["input"]["encoding"][0]
    assert (settled["height"], settled["width"], settled["channels"]) == (8, 8, 1)
    uris = [base64.b64encode(picture(level, 9, 20)).decode() for level in (50, 200)]
    first, again = (predict(service, job, [{"image": uri} for uri in uris]) for _ in range(2))
    assert [answer["label"] for answer in first] == ["dark", "light"]
    # Augmentation is for training alone: the same picture gets the same scores.
    assert first == again


def test_the_catalogue_tells_arguments(service: Service) -> None:
    answer = httpx2.get(f"{service.url}/v1/catalog/encodings/one_hot", timeout=60).json()
    arguments = {one["name"]: one for one in answer["arguments"]}
    assert arguments["max_categories"]["form"]["description"]
    assert arguments["unknown"]["default"] == "zero"
    assert answer["kinds"] == ["boolean", "category", "integer"]
    ways = httpx2.get(f"{service.url}/v1/catalog/targets", timeout=60).json()["data"]
    assert [one["name"] for one in ways] == ["classes", "multi_label", "number", "ordinal"]
    assert pytest.approx(0.5) == next(
        one["default"] for one in ways[1]["arguments"] if one["name"] == "threshold"
    )
