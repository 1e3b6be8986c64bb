"""A kernel larger than what it looks at."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context, sizes, spatial
from ._examples import alone, data, layer
from ._kinds import CONVOLUTIONS
from ._sent import set_argument


class KernelBeyondInput(Rule):
    """A kernel that is larger than its input sees mostly padding; the outer weights are never
    used. A kernel as large as the input does the same with fewer weights.
    """

    severity = "hint"
    sets_off = (
        alone(data(3, 3, 8), layer("Conv2D", filters=4, kernel_size=5, padding="same")),
        alone(data(4, 8), layer("Conv1D", filters=4, kernel_size=7, padding="same")),
    )
    stays_quiet = (alone(data(5, 5, 8), layer("Conv2D", filters=4, kernel_size=5, padding="same")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A padded convolution whose kernel is larger than its input along some axis."""
        for line in context.lines(*CONVOLUTIONS):
            given = spatial(context.given(line))
            first = context.value(line, "data_format") == "channels_first"
            if given is None or first or set(given) == {1}:
                continue
            kernel = sizes(context.value(line, "kernel_size"), len(given))
            if kernel is None or all(k <= size for k, size in zip(kernel, given, strict=True)):
                continue
            fitting = [min(k, size) for k, size in zip(kernel, given, strict=True)]
            yield Finding(
                line.pointer,
                f"The kernel of {line.name!r} is {list(kernel)}, its input {list(given)}.",
                {"kernel_size": list(kernel), "input": list(given)},
                set_argument(line, kernel_size=fitting),
                line.class_name,
            )
