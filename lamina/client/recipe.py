"""A job body from what users have at hand: a dict, a JSON file, a live Keras model."""

import json
import os
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, TypedDict

from .errors import BadSource
from .settings import set_at

_COMPILED = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")


class Choices(TypedDict, total=False):
    """What may be said beside the stack; each overrides what the job body says.

    `dataset` is an id, a dataset or its handle, or anything that can be uploaded. `settings` holds
    any other field by dotted path: `{"compile.optimizer.learning_rate": 1e-4}`.
    """

    dataset: Any
    target: str | Sequence[str] | Mapping[str, Any]
    features: Sequence[str]
    compile: Mapping[str, Any]
    callbacks: Sequence[Any]
    epochs: int
    batch_size: int
    seed: int
    validation_split: float
    class_weight: Any
    cache: bool
    display_name: str
    tags: Sequence[str]
    settings: Mapping[str, Any]


_PLACES = {
    "target": "data.target",
    "features": "data.features",
    "compile": "compile",
    "callbacks": "callbacks",
    "epochs": "fit.epochs",
    "batch_size": "fit.batch_size",
    "seed": "fit.seed",
    "validation_split": "data.split.validation",
    "class_weight": "fit.class_weight",
    "cache": "cache",
    "display_name": "display_name",
    "tags": "tags",
}


def job_body(what: Any, choices: Choices) -> dict[str, Any]:
    """The body of `POST /v1/jobs`, without the dataset's id. Raises BadSource.

    `what` is a job body, a stack, the path of a JSON file with either, or anything with a
    `to_json` method such as a keras.Model, whose compile settings come along; its weights do
    not: the service trains from fresh ones.
    """
    read = _read(what)
    body = read if _is_body(read) else _with_stack(read)
    for name, place in _PLACES.items():
        if (value := choices.get(name)) is not None:
            set_at(body, place, _plain(value))
    for path, value in choices.get("settings", {}).items():
        set_at(body, path, value)
    return body


def _read(what: Any) -> Any:
    if isinstance(what, str | os.PathLike):
        return _read_file(Path(what).expanduser())
    if isinstance(what, Mapping | list | tuple):
        return deepcopy(_plain(what))
    if callable(write := getattr(what, "to_json", None)):
        return json.loads(write())
    raise BadSource(
        f"a {type(what).__name__} is no stack; give a dict, a JSON file or a keras.Model"
    )


def _read_file(path: Path) -> Any:
    try:
        content = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadSource(f"cannot read {str(path)!r}: {error.strerror}") from error
    except ValueError as error:
        raise BadSource(f"{str(path)!r} is no JSON: {error}") from error
    if not isinstance(content, dict | list):
        raise BadSource(f"{str(path)!r} holds neither a job nor a stack")
    return content


def _is_body(read: Any) -> bool:
    return isinstance(read, dict) and ("stack" in read or not {"layers", "class_name"} & set(read))


def _with_stack(stack: Any) -> dict[str, Any]:
    if not isinstance(stack, dict):
        return {"stack": stack}
    # Keras writes what compile() was given into to_json(); here it has its own place.
    compiled = stack.pop("compile_config", None) or {}
    chosen = {name: compiled[name] for name in _COMPILED if compiled.get(name) is not None}
    return {"stack": stack, **({"compile": chosen} if chosen else {})}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def changes_of(request: Mapping[str, Any], choices: Choices) -> list[dict[str, Any]]:
    """The choices as a JSON Patch of a job's `request`, by section. Raises BadSource."""
    body = job_body(request, choices)
    if "dataset" in choices:
        dataset = choices["dataset"]
        set_at(body, "data.dataset", getattr(dataset, "id", dataset))
    if "features" in choices:
        body["data"].pop("inputs", None)  # the long form of the features before
    return [
        {"op": "add", "path": f"/{name}", "value": value}
        for name, value in body.items()
        if name not in request or request[name] != value
    ]
