"""Text, as tokens made by the encoding or by a layer that adapts; strings that are looked up."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.tasks import predict, train
from tests.engine._port import Recorder
from tests.engine.training import _job

GOOD = ["lovely", "great", "fine", "superb"]
BAD = ["awful", "poor", "dreadful", "bad"]


def reviews(folder: Path) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    rows = []
    for number in range(120):
        word = rng.choice(GOOD if number % 2 else BAD)
        rows.append(f"film {number} was {word} and long,{word},{'pos' if number % 2 else 'neg'}")
    return _job.stored(folder, ("review,word,mood\n" + "\n".join(rows) + "\n").encode())


TAIL = [
    {"class_name": "Embedding", "name": "e", "input_dim": 200, "output_dim": 8},
    {"class_name": "GlobalAveragePooling1D", "name": "p"},
    {"class_name": "Dense", "name": "output", "units": 1, "activation": "sigmoid"},
]


@pytest.mark.parametrize(
    ("column", "encoding", "layers"),
    [
        (
            "review",
            {"class_name": "tokens", "length": 8, "max_tokens": 200},
            [{"class_name": "Input", "name": "text", "shape": [8], "dtype": "int32"}, *TAIL],
        ),
        (
            "review",
            {"class_name": "raw", "dtype": "string"},
            [
                {"class_name": "Input", "name": "text", "shape": [1], "dtype": "string"},
                {
                    "class_name": "TextVectorization",
                    "name": "v",
                    "max_tokens": 200,
                    "output_sequence_length": 8,
                },
                *TAIL,
            ],
        ),
        (
            "word",
            "raw",
            [
                {"class_name": "Input", "name": "text", "shape": [1], "dtype": "string"},
                {"class_name": "StringLookup", "name": "v", "output_mode": "multi_hot"},
                TAIL[-1],
            ],
        ),
    ],
)
def test_moods_are_told_from_words(
    column: str, encoding: Any, layers: list[Any], tmp_path: Path
) -> None:
    request = _job.iris_request(
        data={"target": "mood", "inputs": {"text": {"columns": [column], "encoding": encoding}}},
        stack={"layers": layers},
        compile={
            "optimizer": {"class_name": "Adam", "learning_rate": 0.1},
            "loss": "binary_crossentropy",
        },
        fit={"epochs": 12},
    )
    payload = _job.payload(reviews(tmp_path), request, tmp_path / "o")
    result = train.run(payload, Recorder())
    assert result["evaluation"]["metrics"]["accuracy"] > 0.9
    texts = ["lovely", "awful"]
    if column == "review":
        texts = [f"Film 9 was {text.upper()}, and long!" for text in texts]
    folder = str(tmp_path / "o" / "model")
    asked = {"model": folder, "digest": folder, "records": [{column: text} for text in texts]}
    answers = predict.run(asked, Recorder())["predictions"]
    assert [answer["label"] for answer in answers] == ["pos", "neg"]
