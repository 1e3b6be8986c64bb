"""A stride that leaves out what lies between."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context, sizes
from ._examples import alone, data, layer
from ._kinds import CONVOLUTIONS
from ._sent import set_argument

_POOLING = {f"{kind}Pooling{rank}D": rank for kind in ("Max", "Average") for rank in (1, 2, 3)}


class StrideBeyondKernel(Rule):
    """A stride larger than the kernel or the pool jumps over values that nothing ever looks
    at: part of the data is thrown away.
    """

    severity = "warning"
    sets_off = (
        alone(
            data(28, 28, 3),
            layer("Conv2D", filters=4, kernel_size=3, strides=4, activation="relu"),
        ),
        alone(data(28, 28, 3), layer("MaxPooling2D", pool_size=2, strides=3)),
    )
    stays_quiet = (
        alone(
            data(28, 28, 3),
            layer("Conv2D", filters=4, kernel_size=3, strides=2, activation="relu"),
            layer("MaxPooling2D"),
            layer("Conv2D", filters=8, kernel_size=1, strides=2, activation="relu"),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Strides above the size of the window; windows of one are shortcuts and left alone."""
        for line in context.lines(*CONVOLUTIONS, *_POOLING):
            name = "pool_size" if line.class_name in _POOLING else "kernel_size"
            axes = next(rank for rank in (1, 2, 3) if f"{rank}D" in line.class_name)
            window = sizes(context.value(line, name), axes)
            strides = sizes(context.value(line, "strides"), axes)
            if window is None or strides is None or max(window) == 1:
                continue
            if all(s <= w for s, w in zip(strides, window, strict=True)):
                continue
            fitting = [min(s, w) for s, w in zip(strides, window, strict=True)]
            yield Finding(
                line.pointer,
                f"{line.name!r} goes {list(strides)} at a time with a window of {list(window)}.",
                {"strides": list(strides), name: list(window)},
                set_argument(line, strides=fitting[0] if axes == 1 else fitting),
                line.class_name,
            )
