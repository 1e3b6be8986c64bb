"""Records for the examples of rules."""

from typing import Any

from engine.findings._base import Record

REQUEST: dict[str, Any] = {
    "stack": {
        "layers": [
            {"class_name": "Input", "name": "input"},
            {"class_name": "Dense", "name": "hidden", "units": 8, "activation": "relu"},
            {"class_name": "Dense", "name": "output", "units": 3, "activation": "softmax"},
        ]
    },
    "data": {"split": {"by": "random", "validation": 0.1, "test": 0.0}},
    "compile": {"optimizer": {"class_name": "Adam", "learning_rate": 0.01}},
    "fit": {"epochs": 20, "class_weight": None},
    "callbacks": [],
}


def record(**more: Any) -> Record:
    """A training that is over; lists under `curves` become its epochs."""
    curves: dict[str, list[float | None]] = more.pop("curves", {})
    length = max(map(len, curves.values()), default=0)
    epochs = [
        {key: values[place] for key, values in curves.items() if place < len(values)}
        for place in range(length)
    ]
    given = {"request": REQUEST, "epochs": epochs, "over": True, **more}
    return Record(**given)


def falling(epochs: int = 20, start: float = 1.0, share: float = 0.8) -> list[float | None]:
    """A loss of which so much is left after each epoch."""
    return [start * share**epoch for epoch in range(epochs)]


def classes(*lines: tuple[str, int, int]) -> dict[str, dict[str, Any]]:
    """An evaluation of classes: name, how many there are, how many were predicted."""
    told = [{"label": name, "support": there, "predicted": said} for name, there, said in lines]
    return {"output": {"kind": "classes", "target": "species", "classes": told}}
