"""How a target column becomes what the loss compares with, and how outputs become answers."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from engine.dataset.schema import Column
from engine.encodings import made
from engine.encodings._base import Values, as_text, missing
from engine.faults import Fault

Form = Literal["index", "one_hot", "binary", "raw"]
Label = str | int | bool
Link = Literal["sigmoid", "softmax", "margin"]

_INDEX = frozenset({"sparsecategoricalcrossentropy"})
_ONE_HOT = frozenset(
    {
        "categoricalcrossentropy",
        "categoricalfocalcrossentropy",
        "categoricalhinge",
        "categoricalgeneralizedcrossentropy",
        "kldivergence",
        "circle",
        "dice",
        "tversky",
    }
)
_BINARY = frozenset({"binarycrossentropy", "binaryfocalcrossentropy", "hinge", "squaredhinge"})


def label_encoding(
    column: Column, loss_name: str | None, output_shape: tuple[int | None, ...]
) -> Form:
    """The form of a target: chosen from the column, the loss and the output alone.

    `loss_name` is a class or function name of Keras (`SparseCategoricalCrossentropy`,
    `sparse_categorical_crossentropy`), `output_shape` the network output's shape without the
    batch axis. `index` gives class numbers, `one_hot` a vector per row, `binary` 0 and 1 in a
    column, `raw` the numbers themselves. Raises ValueError when no form fits.
    """
    if column.kind in ("number", "tensor"):
        return "raw"
    if column.kind == "image":
        if len(output_shape) != 3 or None in output_shape or output_shape[2] not in (1, 3, 4):
            raise ValueError(
                f"Column {column.name!r} holds images: the output must be [height, width, 1, 3 or"
                f" 4], not {list(output_shape)}."
            )
        return "raw"
    if column.kind in ("date", "text"):
        raise ValueError(f"Column {column.name!r} of kind {column.kind} cannot be a target.")
    loss = (loss_name or "").replace("_", "").lower()
    units = output_shape[-1] if output_shape else 1
    classes = len(column.categories) if column.categories is not None else None
    if column.kind == "integer" and (classes is None or not _categorical(loss, units, classes)):
        return "raw"
    return _label_form(column, loss, units, classes)


def _label_form(column: Column, loss: str, units: int | None, classes: int | None) -> Form:
    if classes is None:
        raise ValueError(f"Column {column.name!r} has too many distinct values to be labels.")
    if loss in _INDEX:
        return "index"
    if units == 1 and classes <= 2:
        return "binary"
    if loss in _ONE_HOT or loss in _BINARY or units == classes:
        return "one_hot"
    raise ValueError(
        f"Column {column.name!r} holds labels ({classes} classes); with {units} output units"
        " it needs a loss for classes."
    )


def _categorical(loss: str, units: int | None, classes: int | None) -> bool:
    if loss in _BINARY:
        return classes in (2, units)
    return loss in _INDEX or loss in _ONE_HOT


@dataclass
class TargetEncoding:
    """One target: its column, its form, its classes, and how its outputs are read.

    `classes` are the original labels in the order of the class numbers (strings, integers or
    booleans). `link` is what turns the network's numbers into probabilities: None when they
    are already, `sigmoid` or `softmax` when the loss took logits, `margin` (from -1..1 to
    0..1) after a hinge loss. `image` is the output's height, width and channels where the column
    holds images: they are brought to it as floats 0..1.
    """

    column: str
    form: Form
    classes: list[Label] = field(default_factory=list)
    link: Link | None = None
    image: list[int] | None = None

    @classmethod
    def make(
        cls,
        column: Column,
        loss_name: str | None,
        from_logits: bool,
        output_shape: tuple[int | None, ...],
    ) -> "TargetEncoding":
        """The encoding of a target column under a loss. Raises ValueError as `label_encoding`."""
        form = label_encoding(column, loss_name, output_shape)
        classes = [] if form == "raw" else [_original(column, text) for text in _texts(column)]
        image = [int(size or 0) for size in output_shape] if column.kind == "image" else None
        return cls(column.name, form, classes, _link(form, loss_name, from_logits), image)

    def class_numbers(self, values: Values) -> Values:
        """`int32[rows]`: the class number of each raw value. An unknown label is a data-error."""
        place = {text: number for number, text in enumerate(map(_spelled, self.classes))}
        texts = as_text(values)
        unknown = sorted({str(text) for text in texts if text not in place})
        if unknown:
            raise Fault(
                "data-error",
                f"The target {self.column!r} holds labels that the training data lacks:"
                f" {', '.join(unknown[:10])}.",
            )
        return np.array([place[str(text)] for text in texts], np.int32)

    def transform(self, values: Values) -> Values:
        """What the loss takes: `int32[rows]` for index, else float32 with the row first."""
        if self.image:
            height, width, channels = self.image
            encoding = made("image", height=height, width=width, channels=channels)
            encoding.restore({"sizes": self.image})
            return encoding.transform(values)
        if self.form == "raw":
            return _raw(values, self.column)
        numbers = self.class_numbers(values)
        if self.form == "index":
            return numbers
        if self.form == "binary":
            return numbers.astype(np.float32)[:, None]
        return np.eye(len(self.classes), dtype=np.float32)[numbers]

    def to_json(self) -> dict[str, Any]:
        """The encoding as it is kept in `encoding.json`."""
        return {
            "column": self.column,
            "form": self.form,
            "classes": self.classes,
            "link": self.link,
            "image": self.image,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "TargetEncoding":
        """The encoding that `to_json` wrote."""
        return cls(data["column"], data["form"], list(data["classes"]), data["link"], data["image"])

    def answers(self, outputs: Values) -> list[dict[str, Any]]:
        """The network's outputs `[rows, …]` as `{"label", "scores"}` or `{"value"}` objects.

        NaN and the infinities, which JSON lacks, become null.
        """
        numbers = outputs.astype(np.float64)
        if self.form == "raw":
            flat = numbers[:, 0] if numbers.ndim == 2 and numbers.shape[1] == 1 else numbers
            return [{"value": value} for value in _finite(flat)]
        scores = self.probabilities(outputs)
        labels = [self.classes[number] for number in scores.argmax(axis=-1)]
        names = [_spelled(label) for label in self.classes]
        return [
            {"label": label, "scores": dict(zip(names, row, strict=True))}
            for label, row in zip(labels, _finite(scores), strict=True)
        ]

    def probabilities(self, outputs: Values) -> Values:
        """`float64[rows, classes]`: the network's outputs as the probability of each class."""
        return self._scores(_linked(outputs.astype(np.float64), self.link))

    def _scores(self, numbers: Values) -> Values:
        flat = numbers.reshape(len(numbers), -1)
        if self.form == "binary":
            both = np.concatenate([1 - flat, flat], axis=1)
            return both[:, : len(self.classes)]
        return flat[:, : len(self.classes)]


def _link(form: Form, loss_name: str | None, from_logits: bool) -> Link | None:
    if form == "binary" and "hinge" in (loss_name or "").lower():
        return "margin"
    if not from_logits or form == "raw":
        return None
    return "sigmoid" if form == "binary" else "softmax"


def _finite(numbers: Values) -> list[Any]:
    plain = numbers.astype(object)
    plain[~np.isfinite(numbers)] = None
    return list(plain.tolist())


def _linked(numbers: Values, link: str | None) -> Values:
    if link == "sigmoid":
        return np.asarray(0.5 * (1 + np.tanh(0.5 * numbers)))
    if link == "margin":
        return np.clip((numbers + 1) / 2, 0, 1)
    if link == "softmax":
        powers = np.exp(numbers - numbers.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
    return numbers


def _texts(column: Column) -> list[str]:
    return list(column.categories or [])


def _original(column: Column, text: str) -> Label:
    if column.kind == "integer":
        return int(text)
    if column.kind == "boolean":
        return text == "true"
    return text


def _spelled(label: Label) -> str:
    if isinstance(label, bool):
        return "true" if label else "false"
    return str(label)


def _raw(values: Values, name: str) -> Values:
    if values.dtype.kind == "O":
        raise Fault("data-error", f"The target {name!r} holds values that are no numbers.")
    if values.dtype.kind == "f" and missing(values.ravel()).any():
        raise Fault("data-error", f"The target {name!r} holds values that are no numbers (NaN).")
    shaped = values[:, None] if values.ndim == 1 else values
    return shaped.astype(np.int32 if values.ndim > 1 and values.dtype.kind in "iu" else np.float32)
