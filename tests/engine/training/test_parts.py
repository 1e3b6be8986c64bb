"""Which rows are trained on, and which are held out."""

from pathlib import Path
from typing import Any

import pytest

from engine.faults import Fault
from engine.tasks import train
from engine.training.parts import divide
from tests.engine._port import Recorder
from tests.engine.training import _job


def table(folder: Path, rows: int, text: str = "{n}.5,{k}") -> dict[str, Any]:
    lines = "\n".join(text.format(n=n, k="ab"[n % 2]) for n in range(rows))
    return _job.stored(folder, f"x,y\n{lines}\n".encode())


def other(data: dict[str, Any]) -> dict[str, Any]:
    return {"dir": data["data"], "schema": data["schema"]}


def request() -> dict[str, Any]:
    inputs = {"input": {"columns": ["x"], "encoding": "standard"}}
    made = _job.iris_request(data={"target": "y", "inputs": inputs}, fit={"epochs": 2})
    made["stack"]["layers"][0]["shape"] = [1]
    return made


def test_datasets_of_their_own_take_nothing_from_the_main_one(tmp_path: Path) -> None:
    port = Recorder()
    result = train.run(
        _job.payload(
            table(tmp_path / "a", 40),
            request(),
            tmp_path / "o",
            validation_data=other(table(tmp_path / "b", 12)),
            test_data=other(table(tmp_path / "c", 7)),
        ),
        port,
    )
    assert port.named("started")[0]["rows"] == {"training": 40, "validation": 12, "test": 7}
    assert (result["evaluation"]["part"], result["evaluation"]["rows"]) == ("test", 7)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("word {n},{k}", "Column 'x' is number in the main dataset and category"),
        ("{n}.5,c", "holds labels that the training data lacks: c"),
    ],
)
def test_held_out_data_must_be_alike(text: str, match: str, tmp_path: Path) -> None:
    payload = _job.payload(
        table(tmp_path / "a", 20),
        request(),
        tmp_path / "o",
        validation_data=other(table(tmp_path / "b", 4, text)),
    )
    with pytest.raises(Fault, match=match) as caught:
        train.run(payload, Recorder())
    assert caught.value.code == "data-error"


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    short = _job.stored(tmp_path / "b", b"x\n1.5\n2.5\n")
    payload = _job.payload(
        table(tmp_path / "a", 20), request(), tmp_path / "o", test_data=other(short)
    )
    with pytest.raises(Fault, match="The test dataset has no column 'y'"):
        train.run(payload, Recorder())


def test_splits_follow_their_seed_and_their_way(tmp_path: Path) -> None:
    data = table(tmp_path / "a", 100)
    found = []
    for split in (
        {"by": "random", "validation": 0.2, "test": 0.1},
        {"by": "random", "validation": 0.2, "test": 0.1, "seed": 99},
        {"by": "auto", "validation": 0.2, "test": 0.1},
    ):
        made = request()
        made["data"]["split"] = split
        division = divide(_job.payload(data, made, tmp_path), ["y"])
        assert division.counts == {"training": 70, "validation": 20, "test": 10}
        found.append(division.parts["validation"])
    assert found[0].rows.tolist() != found[1].rows.tolist()
    labels = found[2].dataset.values("y", found[2].rows).tolist()
    assert labels.count("a") == 10


def test_nothing_to_train_on(tmp_path: Path) -> None:
    data = _job.stored(tmp_path, b"x,y\n1.5,\n2.5,\n")
    with pytest.raises(Fault, match="No row has a target"):
        divide(_job.payload(data, request(), tmp_path), ["y"])


@pytest.mark.parametrize("weight", ["-1", "inf"])
def test_bad_weights_are_data_errors(weight: str, tmp_path: Path) -> None:
    rows = "\n".join(f"{n}.5,{'ab'[n % 2]},{weight if n == 3 else n}.0" for n in range(20))
    data = _job.stored(tmp_path, f"x,y,w\n{rows}\n".replace("inf.0", "inf").encode())
    made = request()
    made["data"] |= {"sample_weight": "w", "split": {"validation": 0, "test": 0}}
    with pytest.raises(Fault, match="weights in 'w'"):
        train.run(_job.payload(data, made, tmp_path / "o"), Recorder())
