"""A convolution with nothing left to look at."""

from collections.abc import Iterator

from engine.stack.line import Line

from ._base import Finding, Rule
from ._context import Context, sizes, spatial
from ._examples import alone, data, layer
from ._kinds import CONVOLUTIONS

_CONV = {"filters": 4, "kernel_size": 3, "padding": "same", "activation": "relu"}


class PooledToOne(Rule):
    """Pooling has shrunk the picture or sequence to a single place, so that a convolution has
    no neighbours to combine. Leave out a pooling layer, or begin with larger pictures.
    """

    severity = "warning"
    sets_off = (
        alone(
            data(4, 4, 3),
            layer("Conv2D", **_CONV),
            layer("MaxPooling2D"),
            layer("Conv2D", **_CONV),
            layer("MaxPooling2D"),
            layer("Conv2D", **_CONV),
        ),
    )
    stays_quiet = (
        alone(
            data(8, 8, 3),
            layer("Conv2D", **_CONV),
            layer("MaxPooling2D"),
            layer("Conv2D", **_CONV),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A convolution with a kernel above one on an input of one place."""
        for line in context.lines(*CONVOLUTIONS):
            given = spatial(context.given(line))
            if given is None or set(given) != {1}:
                continue
            kernel = sizes(context.value(line, "kernel_size"), len(given)) or (1,)
            source = _pooling(context, line)
            if max(kernel) == 1 or source is None:
                continue
            yield Finding(
                line.pointer,
                f"{source.name!r} leaves a single place, and {line.name!r} has a kernel of "
                f"{list(kernel)}.",
                {"kernel_size": list(kernel), "pooling": source.name},
                context.without(source),
                source.class_name,
            )


def _pooling(context: Context, line: Line) -> Line | None:
    """The last pooling layer before a layer, along single inputs."""
    found = context.before(line)
    while found is not None and "Pooling" not in found.class_name:
        found = context.before(found)
    return None if found is None or "Global" in found.class_name else found
