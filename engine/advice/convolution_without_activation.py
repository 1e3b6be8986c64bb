"""A hidden convolution without activation."""

from collections.abc import Iterator

from engine.stack.line import Line

from ._base import Finding, Rule
from ._context import Context
from ._examples import alone, data, dense, layer
from ._kinds import CONVOLUTIONS, FLATTENED, WEIGHTED
from ._sent import set_argument


class ConvolutionWithoutActivation(Rule):
    """A convolution without activation before another layer with weights is linear: the two
    could be one. Convolutional networks put ReLU after each convolution.
    """

    severity = "warning"
    sets_off = (
        alone(
            data(28, 28, 1),
            layer("Conv2D", filters=8, kernel_size=3),
            layer("Flatten"),
            dense(10, "softmax"),
        ),
    )
    stays_quiet = (
        alone(
            data(28, 28, 1),
            layer("Conv2D", filters=8, kernel_size=3, activation="relu"),
            layer("Flatten"),
            dense(10, "softmax"),
        ),
        alone(
            data(28, 28, 1),
            layer("Conv2D", filters=8, kernel_size=[1, 3]),
            layer("Conv2D", filters=8, kernel_size=[3, 1], activation="relu"),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A linear convolution whose only taker is linear too, factorised ones left alone."""
        for line in context.lines(*CONVOLUTIONS):
            taker = context.past(line, FLATTENED)
            if context.activation(line) or taker is None or taker.class_name not in WEIGHTED:
                continue
            if _factorised(context, line, taker):
                continue
            yield Finding(
                line.pointer,
                f"{line.name!r} has no activation and feeds {taker.name!r}.",
                {"feeds": taker.name},
                set_argument(line, activation="relu"),
                line.class_name,
            )


def _factorised(context: Context, line: Line, taker: Line) -> bool:
    """Whether this is one kernel written as two: along one axis each, or through few channels."""
    kernel, given = context.value(line, "kernel_size"), context.given(line)
    if isinstance(kernel, list) and len(set(kernel)) > 1:
        return True
    filters, channels = context.value(line, "filters"), given[-1] if given else None
    wider = context.value(taker, "filters") or context.value(taker, "units")
    return bool(channels and filters < channels and filters < wider)
