"""Several labels for each row, or none."""

import numpy as np
from pydantic import Field

from engine.dataset.labels import JOINT
from engine.dataset.schema import Column
from engine.encodings._base import Values, as_text
from engine.faults import Fault
from engine.targets._base import Form, Label, Shape, Way, finite, spelled

_MOST = 10_000


class MultiLabel(Way):
    """Every row may have several labels, or none: tags, topics, symptoms.

    Either one column whose texts list the labels of a row, with a separator between them, or
    several columns of true and false, each a label. One unit with sigmoid for each label, and
    binary_crossentropy: softmax would make the labels compete. Answers are the labels whose score
    is at least `threshold`, and the scores of all.
    """

    kinds = frozenset({"category", "text", "boolean"})
    several = True
    usual_loss = "BinaryCrossentropy"

    separator: str | None = Field(
        default=None,
        min_length=1,
        max_length=10,
        description="what stands between labels; left out, what the data seem to have, else |",
    )
    labels: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=_MOST,
        description="all labels; needed where a column has too many combinations to list them",
    )
    threshold: float = Field(
        default=0.5, gt=0, lt=1, description="the score from which on a label is given"
    )

    _between: str = JOINT

    def complaint(self, columns: list[Column]) -> str | None:
        """Columns that are not of one form, and labels that cannot be known."""
        found = super().complaint(columns)
        self._between = self.separator or columns[0].separator or JOINT
        flags = [column for column in columns if column.kind == "boolean"]
        if found is not None or len(flags) == len(columns):
            return found
        if len(columns) > 1:
            return "Several columns of labels must all be boolean: each column is a label."
        column = columns[0]
        if self.labels is None and not self._known(column):
            return (
                f"Column {column.name!r} has too many combinations of labels to list; write them"
                " all under 'labels'."
            )
        strange = sorted(set(self._known(column)) - set(self.labels)) if self.labels else []
        if strange:
            return f"'labels' lacks {', '.join(map(repr, strange[:5]))} of {column.name!r}."
        return None if self.classes(columns) else f"Column {column.name!r} holds no labels."

    def classes(self, columns: list[Column]) -> list[Label]:
        """The names of the columns, or all labels that occur."""
        if all(column.kind == "boolean" for column in columns):
            return [column.name for column in columns]
        return list(self.labels or self._known(columns[0]))

    def form(self, columns: list[Column], loss: str, shape: Shape) -> Form:
        """Always `multi_label`."""
        del columns, loss, shape
        return "multi_label"

    def units(self, columns: list[Column], form: Form) -> int | None:
        """One for each label."""
        del form
        return len(self.classes(columns))

    def transform(self, values: list[Values], columns: list[str], classes: list[Label]) -> Values:
        """`float32[rows, labels]` of 0 and 1. An unknown label is a data-error."""
        if values[0].dtype.kind == "b" or len(values) > 1:
            return np.stack(values, axis=1).astype(np.float32)
        place = {spelled(label): number for number, label in enumerate(classes)}
        out = np.zeros((len(values[0]), len(classes)), np.float32)
        for row, text in enumerate(as_text(values[0])):
            for label in self._split(text or ""):
                if label not in place:
                    detail = f"The target {columns[0]!r} holds the label {label[:100]!r}, which the"
                    raise Fault("data-error", f"{detail} training data lacks.")
                out[row, place[label]] = 1
        return out

    def unknown(self, values: list[Values], classes: list[Label]) -> list[str | None]:
        """The first label of each row that is none of these; columns of booleans have none."""
        if values[0].dtype.kind == "b" or len(values) > 1:
            return super().unknown(values, classes)
        known = set(map(spelled, classes))
        texts = as_text(values[0])
        return [
            next((one for one in self._split(text or "") if one not in known), None)
            for text in texts
        ]

    def answers(self, outputs: Values, columns: list[str], classes: list[Label]) -> list[object]:
        """`{"labels", "scores"}` for each row."""
        del columns
        names = [spelled(label) for label in classes]
        scores = outputs.reshape(len(outputs), -1)
        return [
            {
                "labels": [
                    label
                    for label, score in zip(classes, row, strict=True)
                    if score >= self.threshold
                ],
                "scores": dict(zip(names, plain, strict=True)),
            }
            for row, plain in zip(scores, finite(scores), strict=True)
        ]

    @property
    def between(self) -> str:
        """What stands between the labels of a text."""
        return self._between

    def _known(self, column: Column) -> list[str]:
        """The labels of a column, as far as its description has them."""
        if column.labels is not None and self._between == column.separator:
            return column.labels
        return sorted({label for text in column.categories or [] for label in self._split(text)})

    def _split(self, text: str) -> list[str]:
        parts = (part.strip() for part in text.split(self._between))
        return [part for part in parts if part]
