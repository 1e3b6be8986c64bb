"""One class for each row, the classes in an order."""

import numpy as np
from pydantic import Field

from engine.dataset.schema import Column
from engine.encodings._base import Values
from engine.targets._base import Form, Label, Shape, Way, finite, spelled
from engine.targets.classes import class_numbers, original, strange


class Ordinal(Way):
    """Every row has one of some classes that are more or less of something: poor, fair, good.

    One unit with sigmoid for each step of the order, one fewer than classes: the class is above
    the first, above the second, … So a miss by one class costs less than a miss by two, which
    softmax does not know (E. Frank and M. Hall, "A Simple Approach to Ordinal Classification",
    2001). Goes with binary_crossentropy. Answers are the label and a score for each class.
    """

    kinds = frozenset({"category", "boolean", "integer"})
    usual_loss = "BinaryCrossentropy"

    order: list[str] | None = Field(
        default=None,
        min_length=2,
        max_length=1000,
        description="all classes, the least first; left out, numbers by size",
    )

    def complaint(self, columns: list[Column]) -> str | None:
        """Words without an order, or an order that lacks some."""
        found = super().complaint(columns)
        column = columns[0]
        if found is not None:
            return found
        if column.categories is None:
            return f"Column {column.name!r} has too many distinct values to be labels."
        if self.order is None and column.kind == "category":
            return f"Say the order of {', '.join(column.categories[:5])}: 'order', the least first."
        if len(self.classes(columns)) < 2:
            return f"Column {column.name!r} has a single class."
        lacking = [text for text in column.categories if text not in (self.order or [text])]
        if lacking:
            return f"The order lacks {', '.join(map(repr, lacking[:5]))} of {column.name!r}."
        return None

    def classes(self, columns: list[Column]) -> list[Label]:
        """The classes, the least first."""
        texts = self.order or columns[0].categories or []
        return [original(columns[0], text) for text in texts]

    def form(self, columns: list[Column], loss: str, shape: Shape) -> Form:
        """Always `ordinal`."""
        del columns, loss, shape
        return "ordinal"

    def units(self, columns: list[Column], form: Form) -> int | None:
        """One for each step."""
        del form
        return len(self.classes(columns)) - 1

    def transform(self, values: list[Values], columns: list[str], classes: list[Label]) -> Values:
        """`float32[rows, classes - 1]`: 1 for each step that the class is above."""
        numbers = class_numbers(values[0], columns[0], classes)
        return np.asarray(numbers[:, None] > np.arange(len(classes) - 1)).astype(np.float32)

    def unknown(self, values: list[Values], classes: list[Label]) -> list[str | None]:
        """The labels that are none of these."""
        return strange(values[0], classes)

    def truth(self, y: Values) -> Values:
        """`int32[rows]`: the number of each row's class."""
        return np.asarray(y.sum(axis=1).astype(np.int32))

    def said(self, outputs: Values) -> Values:
        """`[rows, classes]`: the score of each class.

        It is the difference of neighbouring steps, which are made never to rise along the order.
        """
        steps = _falling(outputs)
        edge = np.ones((len(steps), 1))
        above, below = np.hstack([edge, steps]), np.hstack([steps, 0 * edge])
        return np.asarray(above - below)

    def answers(self, outputs: Values, columns: list[str], classes: list[Label]) -> list[object]:
        """`{"label", "scores"}` for each row: the class above whose step a half is not reached."""
        del columns
        chosen = (_falling(outputs) > 0.5).sum(axis=1)
        names = [spelled(label) for label in classes]
        return [
            {"label": classes[number], "scores": dict(zip(names, row, strict=True))}
            for number, row in zip(chosen, finite(self.said(outputs)), strict=True)
        ]


def _falling(outputs: Values) -> Values:
    flat = np.clip(outputs.reshape(len(outputs), -1), 0, 1)
    return np.asarray(np.minimum.accumulate(flat, axis=1))
