"""What a way to learn columns is: the form that a loss takes, and the way back to answers."""

from abc import abstractmethod
from typing import Any, ClassVar, Literal

import numpy as np

from engine.dataset.schema import Column
from engine.encodings._base import Values
from engine.encodings._fitted import Fitted

Form = Literal["index", "one_hot", "binary", "raw", "multi_label", "ordinal"]
"""How a loss gets a target: class numbers, a vector for each row, 0 and 1 in a column, numbers as
they are, 0 and 1 for each label, 0 and 1 for each step of an order."""
OF_CLASSES: frozenset[str] = frozenset({"index", "one_hot", "binary"})
"""Forms of targets in which every row has exactly one class."""
Label = str | int | bool
Shape = tuple[int | None, ...]


class Way(Fitted):
    """One way to learn a column or several by one output; a subclass per file.

    The docstring is the help text of the catalogue, the fields are the arguments. `settled` gives
    the form before any data, `fit` learns from the training part.
    """

    several: ClassVar[bool] = False
    """Whether one output may learn several columns."""
    usual_loss: ClassVar[str | None] = None
    """The loss for "auto"; None where column and output tell."""

    def complaint(self, columns: list[Column]) -> str | None:
        """Why these columns cannot be learned this way, as a sentence; None when they can."""
        for column in columns:
            if column.kind not in self.kinds:
                return (
                    f"Column {column.name!r} of kind {column.kind} cannot be a target of kind"
                    f" {self.name!r}; that takes {', '.join(sorted(self.kinds))}."
                )
        if len(columns) > 1 and not self.several:
            return f"A target of kind {self.name!r} is one column, not {len(columns)}."
        return None

    @abstractmethod
    def form(self, columns: list[Column], loss: str, shape: Shape) -> Form:
        """The form for a loss (its name without underscores, in lower case) and an output's shape.

        Raises ValueError when there is none.
        """

    def classes(self, columns: list[Column]) -> list[Label]:
        """The labels in the order of their numbers; none where numbers are learned."""
        del columns
        return []

    def units(self, columns: list[Column], form: Form) -> int | None:
        """How many numbers an output must give for each row; None when the way does not tell."""
        del columns, form
        return None

    def fit(self, values: list[Values]) -> None:
        """Learn from the raw values of the training part, column by column."""
        del values

    @abstractmethod
    def transform(self, values: list[Values], columns: list[str], classes: list[Label]) -> Values:
        """What the loss takes where `TargetEncoding` has no form of its own; row first."""

    def unknown(self, values: list[Values], classes: list[Label]) -> list[str | None]:
        """For each row a label that is none of these, None where there is none such."""
        del classes
        return [None] * len(values[0])

    @abstractmethod
    def answers(self, outputs: Values, columns: list[str], classes: list[Label]) -> list[Any]:
        """An answer for each row of a network's outputs, links already undone.

        Of one class for each row the outputs are the probabilities of all classes.
        """

    def truth(self, y: Values) -> Values:
        """Encoded targets as answers tell of them."""
        return y

    def said(self, outputs: Values) -> Values:
        """A network's outputs to be compared with `truth`."""
        return outputs


def finite(numbers: Values) -> list[Any]:
    """Numbers as lists; NaN and the infinities, which JSON lacks, as None."""
    plain = numbers.astype(object)
    plain[~np.isfinite(numbers)] = None
    return list(plain.tolist())


def spelled(label: Label) -> str:
    """A label as `Column.categories` has it."""
    if isinstance(label, bool):
        return "true" if label else "false"
    return str(label)
