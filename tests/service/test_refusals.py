"""Bad input to a whole service: a 4xx problem with pointers, and nothing stored."""

import socket
from typing import Any

import httpx2
import pytest

from tests.fixtures.service import Service
from tests.service.jobs import STACK, upload_iris

WAIT = {"Prefer": "wait=60"}


def stored(service: Service) -> tuple[int, int, list[str]]:
    """How many datasets and jobs there are, and which objects."""
    datasets = httpx2.get(f"{service.url}/v1/datasets?page_size=200").json()["data"]
    jobs = httpx2.get(f"{service.url}/v1/jobs?page_size=200").json()["data"]
    objects = sorted(str(path) for path in (service.home / "objects").rglob("*") if path.is_file())
    uploads = sorted(str(path) for path in (service.home / "scratch").rglob("upload-*"))
    return len(datasets), len(jobs), objects + uploads


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("empty.csv", b""),
        ("blank.csv", b"\n\n  \n"),
        ("header.csv", b"a,b,label\n"),
        ("noise.csv", bytes(range(128, 256)) * 8),
        ("wrong.npz", b"a,b\n1,2\n"),
        ("broken.zip", b"PK\x03\x04" + b"\0" * 60),
        ("open.csv", b'a,b\n1,"2\n3,4\n'),
    ],
)
def test_files_that_cannot_be_read_leave_nothing(
    service: Service, filename: str, content: bytes
) -> None:
    before = stored(service)
    answer = httpx2.post(
        f"{service.url}/v1/datasets?filename={filename}", content=content, headers=WAIT, timeout=90
    )
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["type"] == "/problems/invalid-dataset"
    assert problem["errors"]
    assert stored(service) == before


def test_a_refused_upload_may_be_tried_again_under_its_key(service: Service) -> None:
    headers = WAIT | {"Idempotency-Key": "refused-then-mended"}
    url = f"{service.url}/v1/datasets?filename=a.csv"
    assert httpx2.post(url, content=b"a,b\n", headers=headers, timeout=90).status_code == 422
    mended = httpx2.post(url, content=b"a,b\n1,2\n3,4\n", headers=headers, timeout=90)
    assert mended.status_code == 200, mended.text


def test_half_an_upload_leaves_nothing(service: Service) -> None:
    before = stored(service)
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            b"POST /v1/datasets?filename=a.csv HTTP/1.1\r\nHost: x\r\n"
            b"Content-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n" + b"a,b\n" * 1000
        )
    assert httpx2.get(f"{service.url}/healthz").is_success
    assert stored(service) == before


BAD_JOBS: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown layer": (
        {"stack": [{"class_name": "Dens", "units": 3}]}, "/stack/0/class_name", "unknown-layer",
    ),
    "unknown argument": (
        {"stack": [{"class_name": "Dense", "unit": 3}]}, "/stack/0/unit", "unknown-argument",
    ),
    "shapes": (
        {"stack": [{"class_name": "Conv2D", "filters": 2, "kernel_size": 3}, *STACK]},
        "/stack/0", "shape-mismatch",
    ),
    "classes": (
        {"stack": [{"class_name": "Dense", "units": 2, "activation": "softmax"}]},
        "/stack/0", "target-mismatch",
    ),
    "target": (
        {"data": {"dataset": "DATASET", "target": "specie"}, "stack": STACK},
        "/data/target", "unknown-column",
    ),
    "too large": (
        {"stack": [{"class_name": "Dense", "units": 10**6}] * 3 + STACK}, "/stack", "too-large",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_JOBS)
def test_bad_jobs_are_told_where_and_why(service: Service, name: str) -> None:
    dataset = upload_iris(service)
    before = stored(service)
    wrong, pointer, code = BAD_JOBS[name]
    body = {"data": {"dataset": dataset, "target": "species"}} | wrong
    body["data"] = body["data"] | {"dataset": dataset}
    answer = httpx2.post(f"{service.url}/v1/jobs", json=body, timeout=60)
    assert answer.status_code == 422, answer.text
    found = {(item["pointer"], item["code"]) for item in answer.json()["errors"]}
    assert (pointer, code) in found
    assert stored(service) == before


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "-1e999"])
def test_numbers_that_are_none_are_refused(service: Service, number: str) -> None:
    before = stored(service)
    text = f'{{"stack": [{{"class_name": "Dropout", "rate": {number}}}]}}'
    answer = httpx2.post(
        f"{service.url}/v1/jobs", content=text, headers={"Content-Type": "application/json"}
    )
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert stored(service) == before


def test_a_stack_of_a_trillion_parameters_is_checked(service: Service) -> None:
    stack = [
        {"class_name": "Input", "shape": [10**6]},
        {"class_name": "Dense", "units": 10**6},
    ]
    answer = httpx2.post(f"{service.url}/v1/stacks/check", json={"stack": stack}, timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.json()["parameters"]["total"] == 10**12 + 10**6
