"""Files that people have: each is read as meant, and a short training learns from it."""

import csv
import io
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import httpx2
import numpy as np
import palmerpenguins
import pytest
from PIL import Image
from sklearn.datasets import load_diabetes, load_digits, load_wine
from statsmodels.datasets import sunspots

from engine.formats._workbook import workbook
from tests.fixtures.service import MakeService, Service
from tests.service.jobs import await_job, iris_csv

LAYERS = [{"class_name": "Dense", "units": 16, "activation": "relu"}]


@pytest.fixture(scope="module")
def service(make_service: MakeService) -> Iterator[Service]:
    made = make_service()
    yield made
    made.close()


def upload(service: Service, filename: str, content: bytes) -> dict[str, Any]:
    answer = httpx2.post(
        f"{service.url}/v1/datasets?filename={filename}",
        content=content,
        headers={"Content-Type": "application/octet-stream", "Prefer": "wait=60"},
        timeout=90,
    )
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    assert found["state"] == "ready", found
    return found


def trained(service: Service, dataset: dict[str, Any], **body: Any) -> dict[str, Any]:
    """The best metrics of a short training."""
    data = {"dataset": dataset["id"], **body.pop("data", {})}
    fit = {"epochs": 12, "batch_size": 16, "seed": 1, **body.pop("fit", {})}
    optimizer = {"class_name": "Adam", "learning_rate": 0.01}
    answer = httpx2.post(
        f"{service.url}/v1/jobs",
        json={"data": data, "fit": fit, "compile": {"optimizer": optimizer}, **body},
        timeout=90,
    )
    assert answer.status_code == 202, answer.text
    job = await_job(service, answer.json()["id"])
    assert job["state"] == "succeeded", job
    return {name: metric["best"] for name, metric in job["metrics"].items()}


def table(header: Sequence[str], rows: Any, delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([header, *rows])
    return text.getvalue()


def kinds(dataset: dict[str, Any]) -> dict[str, str]:
    return {column["name"]: column["kind"] for column in dataset["columns"]}


def classifier(classes: int, units: int = 16) -> list[dict[str, Any]]:
    return [
        {"class_name": "Dense", "units": units, "activation": "relu"},
        {"class_name": "Dense", "units": classes, "activation": "softmax"},
    ]


def test_penguins_with_broken_bytes(service: Service) -> None:
    text = palmerpenguins.load_penguins().to_csv(index=False).encode()
    text = text.replace(b"Torgersen", "Torgersenøya".encode())
    text = text.replace("Torgersenøya".encode(), b"Torgersen\xff", 3)
    dataset = upload(service, "penguins.csv", text)
    assert dataset["rows"] == 344
    assert "3 broken characters" in dataset["notes"][0]
    assert kinds(dataset)["sex"] == "category"
    data = {"target": "species", "features": ["bill_length_mm", "bill_depth_mm", "body_mass_g"]}
    found = trained(service, dataset, data=data, stack=classifier(3))
    assert found["val_accuracy"] > 0.8


def test_iris_without_a_header(service: Service) -> None:
    dataset = upload(service, "iris.data.csv", iris_csv().partition(b"\n")[2])
    assert list(kinds(dataset)) == [f"column_{place}" for place in range(1, 6)]
    assert "no header line" in dataset["notes"][0]
    found = trained(service, dataset, data={"target": "column_5"}, stack=classifier(3))
    assert found["val_accuracy"] > 0.85


def test_wine_as_a_spreadsheet(service: Service) -> None:
    wine = load_wine()
    rows = [
        [*map(float, row), f"barolo {kind}"]
        for row, kind in zip(wine.data, wine.target, strict=True)
    ]
    sheets = {"Notes": [["measured in Liguria"]], "Wine": [[*wine.feature_names, "kind"], *rows]}
    dataset = upload(service, "wine.xlsx", workbook(sheets))
    assert (dataset["format"], dataset["rows"]) == ("excel", 178)
    assert kinds(dataset)["alcohol"] == "number"
    found = trained(service, dataset, data={"target": "kind"}, stack=classifier(3))
    assert found["val_accuracy"] > 0.85


def test_diabetes_as_a_utf16_export_with_decimal_commas(service: Service) -> None:
    found = load_diabetes(scaled=False)
    rows = [
        [*(f"{value:.2f}".replace(".", ",") for value in row), f"{int(goal)}"]
        for row, goal in zip(found.data, found.target, strict=True)
    ]
    text = table([*found.feature_names, "fortschritt_größe"], rows, ";")
    dataset = upload(service, "export.csv", text.encode("utf-16"))
    assert set(kinds(dataset).values()) == {"number", "integer"}
    stack = [*LAYERS, {"class_name": "Dense", "units": 1}]
    data = {"target": "fortschritt_größe"}
    metrics = trained(service, dataset, data=data, stack=stack, fit={"epochs": 150})
    assert metrics["val_mae"] < 60, "the mean alone misses by 65"


def test_digits_as_images_beside_a_table(service: Service) -> None:
    digits = load_digits()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(600):
            image = Image.fromarray((digits.images[number] * 15).astype(np.uint8))
            file = io.BytesIO()
            image.save(file, "PNG")
            archive.writestr(f"images/{number}.png", file.getvalue())
        rows = [[f"{number}.png", f"d{digits.target[number]}"] for number in range(600)]
        archive.writestr("labels.csv", table(["file", "digit"], rows))
    dataset = upload(service, "digits.zip", buffer.getvalue())
    assert kinds(dataset) == {"image": "image", "digit": "category"}
    stack = [{"class_name": "Flatten"}, *classifier(10, 32)]
    found = trained(service, dataset, data={"target": "digit"}, stack=stack)
    assert found["val_accuracy"] > 0.8


def test_sunspots_by_year(service: Service) -> None:
    frame = sunspots.load_pandas().data
    rows = [[f"31.12.{int(year)}", f"{spots:.1f}"] for year, spots in frame.to_numpy()]
    dataset = upload(service, "sunspots.tsv", table(["day", "spots"], rows, "\t").encode())
    assert kinds(dataset) == {"day": "date", "spots": "number"}
    data = {
        "target": "spots",
        "features": ["spots"],
        "window": {"length": 11, "horizon": 1},
    }
    stack = [{"class_name": "Flatten"}, *LAYERS, {"class_name": "Dense", "units": 1}]
    found = trained(service, dataset, data=data, stack=stack, fit={"epochs": 30})
    assert found["val_mae"] < 40, "the last value alone misses by about 25, the mean by 45"


def test_texts_in_class_folders(service: Service) -> None:
    rng = np.random.default_rng(0)
    words = {"praise": ["great", "lovely", "superb"], "blame": ["awful", "boring", "poor"]}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for number in range(300):
            label = ("praise", "blame")[number % 2]
            text = " ".join(
                [*rng.choice([f"word{n}" for n in range(20)], 5), rng.choice(words[label])]
            )
            entry = tarfile.TarInfo(f"reviews/{label}/{number}.txt")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    dataset = upload(service, "reviews.tar.gz", buffer.getvalue())
    assert kinds(dataset) == {"text": "text", "label": "category"}
    stack = [
        {"class_name": "Embedding", "input_dim": 10_000, "output_dim": 8},
        {"class_name": "GlobalAveragePooling1D"},
        *classifier(2),
    ]
    found = trained(service, dataset, stack=stack, fit={"epochs": 150})
    assert found["val_accuracy"] > 0.85
