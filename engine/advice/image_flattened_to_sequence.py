"""A picture reshaped to a sequence."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import PICTURES, dense, layer, on

_ONE = ("Conv1D", "SeparableConv1D", "MaxPooling1D", "AveragePooling1D")


class ImageFlattenedToSequence(Rule):
    """1D layers are for time, 2D layers for space. A picture reshaped to a sequence loses which
    pixels are neighbours; a 2D layer takes it as it is.
    """

    severity = "warning"
    sets_off = (
        on(
            PICTURES,
            layer("Reshape", target_shape=[784, 1]),
            layer("Conv1D", filters=4, kernel_size=3, activation="relu"),
            layer("GlobalAveragePooling1D"),
            dense(10, "softmax"),
        ),
    )
    stays_quiet = (
        on(
            PICTURES,
            layer("Conv2D", filters=4, kernel_size=3, activation="relu"),
            layer("GlobalAveragePooling2D"),
            dense(10, "softmax"),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A 1D layer behind a Reshape of an image column."""
        images = {line.name for line, column, _, _ in context.fed() if column.kind == "image"}
        for line in context.lines(*_ONE):
            source = context.before(line)
            first = context.before(source) if source is not None else None
            if source is None or source.class_name != "Reshape" or first is None:
                continue
            if first.name in images:
                name = line.class_name.replace("1D", "2D")
                yield Finding(
                    line.pointer,
                    f"{source.name!r} makes a sequence of the pictures in {first.name!r} for "
                    f"{line.name!r}; {name} takes pictures.",
                    {"picture": list(context.shape(first) or ())},
                    None,
                    name,
                )
