"""The task `code`: a stand-alone script that trains what a job has trained."""

import json
from pathlib import Path
from typing import Any

from engine.dataset.encoder import Encoder
from engine.dataset.schema import Schema
from engine.port import Port
from engine.script import Subject, write
from engine.stack.rates import settled


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """The script of the model in the folder `model`, as `{"code": text}`.

    `request` is the canonical request of its job, `learning_rate` what it has found where that
    was left to it, `schema` and `format` are those of the
    dataset, `title` is the first line of the script. Raises Fault("export-failed") with the
    reason where there can be none.
    """
    del port
    folder = Path(payload["model"])
    stack = json.loads((folder / "stack.json").read_bytes())
    encoder = Encoder.from_json(json.loads((folder / "encoding.json").read_bytes()))
    schema = Schema.from_json(payload["schema"])
    request = payload["request"]
    if rate := payload.get("learning_rate"):
        compiled = request["compile"]
        optimizer = settled(compiled["optimizer"], rate)
        request = {**request, "compile": {**compiled, "optimizer": optimizer}}
    subject = Subject(request, stack, encoder, schema, payload["format"])
    return {"code": write(subject, payload["title"])}
