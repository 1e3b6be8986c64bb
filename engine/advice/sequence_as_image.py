"""A sequence dressed up as a picture."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context, spatial
from ._examples import SERIES, dense, layer, on

_TWO = ("Conv2D", "SeparableConv2D", "MaxPooling2D", "AveragePooling2D")


class SequenceAsImage(Rule):
    """1D layers are for time, 2D layers for space. A sequence with an axis of one added is no
    picture: the kernel has nothing to see along that axis. A 1D layer says what is meant.
    """

    severity = "warning"
    sets_off = (
        on(
            SERIES,
            layer("Reshape", target_shape=[100, 1, 4]),
            layer("Conv2D", filters=4, kernel_size=[3, 1], activation="relu"),
            layer("GlobalAveragePooling2D"),
            dense(1, None),
        ),
    )
    stays_quiet = (
        on(
            SERIES,
            layer("Conv1D", filters=4, kernel_size=3, activation="relu"),
            layer("GlobalAveragePooling1D"),
            dense(1, None),
        ),
        on(
            SERIES,
            layer("Reshape", target_shape=[100, 4, 1]),
            layer("Conv2D", filters=4, kernel_size=3, activation="relu"),
            layer("GlobalAveragePooling2D"),
            dense(1, None),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A 2D layer behind a Reshape that adds a spatial axis of one to a sequence."""
        for line in context.lines(*_TWO):
            source = context.before(line)
            if source is None or source.class_name != "Reshape":
                continue
            given, made = context.given(source), spatial(context.shape(source))
            if given is not None and len(given) == 2 and made is not None and 1 in made:
                name = line.class_name.replace("2D", "1D")
                yield Finding(
                    line.pointer,
                    f"{source.name!r} adds an axis to a sequence for {line.name!r}; {name} takes "
                    "sequences.",
                    {"sequence": list(given)},
                    None,
                    name,
                )
