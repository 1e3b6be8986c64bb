"""Tables: Dense layers, by the number of columns and rows."""

from engine.dataset.schema import Column
from engine.encodings import automatic

from .draft import Draft
from .subject import Subject

_LEAST, _MOST = 16, 256
DEEP_ROWS = 2_000


def width(columns: list[Column]) -> int:
    """How many numbers a row has once the columns are encoded as they are unasked."""
    encodings = [(automatic(column, "Dense"), column) for column in columns]
    return sum(one.output(column)[0][0] or 1 for one, column in encodings if one is not None)


def hidden(draft: Draft, subject: Subject, inputs: int) -> None:
    """Dense layers with ReLU and the dropout after them, for `inputs` numbers a row."""
    units = _units(inputs, subject)
    draft.layer(
        "Dense",
        f"ReLU is the usual activation; {units} units for {inputs} inputs and {subject.rows:,}"
        " rows: wide enough, without many more parameters than rows.",
        units=units,
        activation="relu",
    )
    if subject.rows >= DEEP_ROWS:
        because = "The rows suffice for a second layer, half as wide, that combines the first's."
        draft.layer("Dense", because, units=max(_LEAST, units // 2), activation="relu")
    rate = 0.2 if subject.rows >= DEEP_ROWS else 0.1
    because = "Dropout regularises; it stands after a hidden layer, never right after the input."
    draft.layer("Dropout", because, rate=rate)


def _units(inputs: int, subject: Subject) -> int:
    units = _LEAST
    while units < min(_MOST, 2 * inputs):
        units *= 2
    while units > _LEAST and units * (inputs + max(1, subject.classes)) > 2 * subject.rows:
        units //= 2
    return units
