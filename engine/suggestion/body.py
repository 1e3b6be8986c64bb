"""The suggested body: data, stack, settings."""

from typing import Any

from engine.dataset.schema import Schema
from engine.encodings import left_out

from . import array, image, series, table, text
from .draft import Draft
from .settings import settle
from .subject import Subject, read

_OWN = ("features", "inputs")


def suggest(
    schema: Schema,
    classes: dict[str, dict[str, int]],
    data: dict[str, Any],
    pointer: str = "/data",
) -> dict[str, Any]:
    """`{"object": "suggestion", "request": job body, "reasons": [{"pointer", "because"}]}`.

    `classes` are the rows by value of the columns that have few values, `data` a request's
    section, of which everything but `features` and `inputs` is kept as it is. Raises
    Fault("data-stack-mismatch") when there is nothing to learn, or nothing to learn it from.
    """
    subject = read(schema, classes, data, pointer)
    windowed = series.is_series(subject, schema, data)
    draft = Draft()
    draft.body["data"] = {key: value for key, value in data.items() if key not in _OWN}
    draft.body["data"] |= {"target": subject.target.name}
    _tell_target(draft, subject)
    _tell_left_out(draft, schema, subject, data)
    if windowed:
        series.build(draft, subject, schema, data)
    else:
        _trunk(draft, subject, data)
    _head(draft, subject)
    draft.body["stack"] = {"layers": draft.layers}
    settle(draft, subject, windowed=windowed)
    return {"object": "suggestion", "request": draft.body, "reasons": draft.reasons}


def _tell_target(draft: Draft, subject: Subject) -> None:
    what = {
        "number": "holds numbers: the network predicts one number",
        "two": "holds two classes: the network gives the probability of the second",
        "classes": f"holds {subject.classes} classes: the network gives each a probability",
    }
    draft.because("/data/target", f"{subject.target.name!r} {what[subject.kind]}.")


def _tell_left_out(draft: Draft, schema: Schema, subject: Subject, data: dict[str, Any]) -> None:
    used = {column.name for column in subject.features}
    if data.get("features") or data.get("inputs"):
        return
    for column in schema.columns:
        reason = left_out(column, schema.rows)
        if reason and column.name not in used and column.name != subject.target.name:
            draft.because("/data", f"{column.name!r} is left out. {reason}")


def _trunk(draft: Draft, subject: Subject, data: dict[str, Any]) -> None:
    """The layers between input and output, by the kind of the columns."""
    if subject.of_kind("image"):
        image.build(draft, subject)
    elif subject.of_kind("tensor"):
        array.build(draft, subject)
    elif subject.of_kind("text"):
        text.build(draft, subject)
    else:
        if data.get("features") or data.get("inputs"):
            names = [column.name for column in subject.features]
            draft.put("data", "features", names, "These columns were asked for.")
        table.hidden(draft, subject, table.width(subject.features))


def _head(draft: Draft, subject: Subject) -> None:
    """The output layer, and for numbers the way back to the target's unit."""
    if subject.kind == "classes":
        because = "One unit for each class; softmax makes them probabilities that add up to 1."
        draft.layer("Dense", because, units=subject.classes, activation="softmax")
    elif subject.kind == "two":
        because = "For two classes one unit suffices; sigmoid makes it a probability."
        draft.layer("Dense", because, units=1, activation="sigmoid")
    else:
        draft.layer("Dense", "One number, without activation: it may be any.", units=1)
        mean, std = subject.target.mean, subject.target.std
        if mean is not None and std:
            draft.layer(
                "Rescaling",
                "Networks learn numbers around 0 best; this brings them to the target's mean and"
                " deviation.",
                scale=float(f"{std:.4g}"),
                offset=float(f"{mean:.4g}"),
            )
