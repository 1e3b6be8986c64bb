"""Samples: listed, made by name, and true to the packages that they come from."""

from pathlib import Path

import pytest

from api.samples import SAMPLES
from api.samples._base import DATA
from demo import samples as source
from tests.api.running import Running


def test_a_sample_is_made_by_name(service: Running) -> None:
    listed = service.client.get("/v1/samples").json()["data"]
    assert {one["name"] for one in listed} == set(SAMPLES) >= {"penguins", "digits"}
    made = [
        service.client.post("/v1/datasets", json={"sample": "penguins"}).raise_for_status().json()
        for _ in range(2)
    ]
    content = SAMPLES["penguins"].content()
    assert (made[0]["name"], made[0]["filename"]) == ("penguins", "penguins.csv")
    assert made[0]["bytes"] == len(content)
    assert made[1]["duplicate_of"] == made[0]["id"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"sample": "pinguins"}, "/sample"),
        ({"sample": "penguins", "rows": [{"a": 1}]}, "/sample"),
        ({"sample": "penguins", "filename": "a.csv"}, "/filename"),
        ({"sample": 3}, "/sample"),
    ],
)
def test_a_wrong_sample_is_refused(service: Running, body: object, pointer: str) -> None:
    answer = service.client.post("/v1/datasets", json=body)
    assert answer.status_code == 422
    (found,) = answer.json()["errors"]
    assert found["pointer"] == pointer
    if body == {"sample": "pinguins"}:
        assert found["did_you_mean"][0] == "penguins"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_the_same_each_time(name: str) -> None:
    assert SAMPLES[name].content() == SAMPLES[name].content()


def test_the_data_is_that_of_the_packages(tmp_path: Path) -> None:
    source.write(tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (DATA / path.name).read_bytes(), path.name
    assert {path.name for path in DATA.iterdir()} == {p.name for p in tmp_path.iterdir()} | {
        "README.md"
    }
