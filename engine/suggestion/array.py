"""Arrays: pictures, series, or plain numbers, by their shape."""

from engine.dataset.schema import Column

from . import image, table
from .draft import Draft
from .subject import Subject

_LONG = 200
_LARGE_UNITS = 64


def build(draft: Draft, subject: Subject) -> None:
    """Layers for the first array column."""
    column = subject.of_kind("tensor")[0]
    draft.put("data", "features", [column.name], "The network takes the array alone.")
    shape = [int(size or 1) for size in column.shape or []]
    _scaled(draft, column)
    if len(shape) == 3:
        image.convolutions(draft, subject, shape[0], shape[1])
    elif len(shape) == 2 and _is_picture(column, shape):
        because = "The array is a picture without an axis for channels."
        draft.layer("Reshape", because, target_shape=[*shape, 1])
        image.convolutions(draft, subject, shape[0], shape[1])
    elif len(shape) == 2:
        _series(draft, subject, shape)
    else:
        inputs = 1
        for size in shape:
            inputs *= size
        if len(shape) > 1:
            draft.layer("Flatten", "A Dense layer takes the values in a row.")
        table.hidden(draft, subject, inputs)


def is_series(subject: Subject) -> bool:
    """Whether the network will be recurrent."""
    columns = subject.of_kind("tensor")
    if subject.of_kind("image") or not columns or len(columns[0].shape or []) != 2:
        return False
    return not _is_picture(columns[0], [int(size or 1) for size in columns[0].shape or []])


def _is_picture(column: Column, shape: list[int]) -> bool:
    """A square of values that are not negative, or bytes."""
    square = shape[0] == shape[1] and shape[0] >= 8 and (column.minimum or 0) >= 0
    return column.dtype == "uint8" or square


def _scaled(draft: Draft, column: Column) -> None:
    mean, std = column.mean or 0.0, column.std or 0.0
    if not (0.1 <= std <= 10 and abs(mean) <= 10):
        because = "Arrays come as they are: this brings them to mean 0 and deviation 1."
        draft.layer("Normalization", because, axis=None)


def _series(draft: Draft, subject: Subject, shape: list[int]) -> None:
    if shape[0] > _LONG:
        because = "The series is long: 1D layers, which are for time, shorten it first."
        draft.layer("Conv1D", because, filters=32, kernel_size=5, strides=2, activation="relu")
        draft.layer("MaxPooling1D", pool_size=4)
    units = 32 if subject.rows < _LARGE_UNITS * 100 else _LARGE_UNITS
    because = "LSTM remembers over many steps where a simple recurrent layer's gradients vanish."
    draft.layer("LSTM", because + " Only its last output is used.", units=units)
    draft.layer("Dropout", "Dropout regularises, after the recurrent layer.", rate=0.2)
