"""One class for each row."""

import numpy as np
from pydantic import Field

from engine.dataset.schema import Column
from engine.encodings._base import Values, as_text
from engine.faults import Fault
from engine.targets._base import Form, Label, Shape, Way, finite, spelled

INDEX = frozenset({"sparsecategoricalcrossentropy"})
ONE_HOT = frozenset(
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
BINARY = frozenset({"binarycrossentropy", "binaryfocalcrossentropy", "hinge", "squaredhinge"})


class Classes(Way):
    """Every row has one class. With one unit and sigmoid for two classes (the unit tells of the
    second), else one unit for each class and softmax.

    The loss decides how it is given the classes: as numbers (sparse_categorical_crossentropy), as
    vectors (categorical_crossentropy) or as 0 and 1 (binary_crossentropy). Answers are the label
    with the highest score, and the scores of all.
    """

    kinds = frozenset({"category", "boolean", "integer"})

    order: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=1000,
        description="the classes in the order of their numbers; left out, by alphabet or size",
    )

    def complaint(self, columns: list[Column]) -> str | None:
        """Too many distinct values, or an order that lacks some."""
        found = super().complaint(columns)
        if found is not None:
            return found
        column = columns[0]
        if column.categories is None:
            return f"Column {column.name!r} has too many distinct values to be labels."
        lacking = [text for text in column.categories if text not in (self.order or [text])]
        if lacking:
            return f"The order lacks {', '.join(map(repr, lacking[:5]))} of {column.name!r}."
        return None

    def classes(self, columns: list[Column]) -> list[Label]:
        """The classes as the data has them: strings, integers or booleans."""
        column = columns[0]
        texts = self.order or column.categories or []
        return [original(column, text) for text in texts]

    def form(self, columns: list[Column], loss: str, shape: Shape) -> Form:
        """`index`, `binary` or `one_hot`."""
        column, classes = columns[0], len(self.classes(columns))
        units = shape[-1] if shape else 1
        if loss in INDEX:
            return "index"
        if units == 1 and classes <= 2:
            return "binary"
        if loss in ONE_HOT or loss in BINARY or units == classes:
            return "one_hot"
        raise ValueError(
            f"Column {column.name!r} holds labels ({classes} classes); with {units} output units"
            " it needs a loss for classes."
        )

    def units(self, columns: list[Column], form: Form) -> int | None:
        """One, or one for each class."""
        return 1 if form == "binary" else len(self.classes(columns))

    def transform(self, values: list[Values], columns: list[str], classes: list[Label]) -> Values:
        """`int32[rows]`: the number of each row's class."""
        return class_numbers(values[0], columns[0], classes)

    def unknown(self, values: list[Values], classes: list[Label]) -> list[str | None]:
        """The labels that are none of these."""
        return strange(values[0], classes)

    def answers(self, outputs: Values, columns: list[str], classes: list[Label]) -> list[object]:
        """`{"label", "scores"}`: the class with the highest probability, and those of all."""
        del columns
        names = [spelled(label) for label in classes]
        labels = [classes[number] for number in outputs.argmax(axis=-1)]
        return [
            {"label": label, "scores": dict(zip(names, row, strict=True))}
            for label, row in zip(labels, finite(outputs), strict=True)
        ]


def class_numbers(values: Values, column: str, classes: list[Label]) -> Values:
    """`int32[rows]`: the class number of each raw value. An unknown label is a data-error."""
    place = {text: number for number, text in enumerate(map(spelled, classes))}
    texts = as_text(values)
    unknown = sorted({str(text) for text in texts if text not in place})
    if unknown:
        raise Fault(
            "data-error",
            f"The target {column!r} holds labels that the training data lacks:"
            f" {', '.join(unknown[:10])}.",
        )
    return np.array([place[str(text)] for text in texts], np.int32)


def strange(values: Values, classes: list[Label]) -> list[str | None]:
    """Each label that is none of the classes, None for those that are."""
    known = set(map(spelled, classes))
    return [None if text in known else str(text) for text in as_text(values)]


def original(column: Column, text: str) -> Label:
    """A label as the data has it."""
    if column.kind == "integer":
        return int(text)
    if column.kind == "boolean":
        return text == "true"
    return text
