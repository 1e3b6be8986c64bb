"""More output units than classes."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on
from ._sent import set_argument


class MoreUnitsThanClasses(Rule):
    """Each unit of the last layer stands for one class. Units beyond the number of classes
    belong to none: they only have to be unlearned.
    """

    severity = "warning"
    source = "data"
    sets_off = (on(FLOWERS, dense(8), dense(5, "softmax")),)
    stays_quiet = (on(FLOWERS, dense(8), dense(3, "softmax")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """A target of class numbers and an output with more units."""
        for name, target in context.targets.items():
            line, shape = context.stack.line(name), context.shape(context.stack.line(name))
            found = len(target.column.categories or [])
            units = shape[-1] if shape else None
            if target.form != "index" or units is None or not found or units <= found:
                continue
            dense_layer = line.class_name == "Dense"
            yield Finding(
                line.pointer,
                f"{name!r} has {units} units, but {target.column.name!r} has {found} classes.",
                {"units": units, "classes": found},
                set_argument(line, units=found) if dense_layer else None,
                "Dense",
            )
