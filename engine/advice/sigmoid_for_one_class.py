"""Classes that exclude each other, judged one by one."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on
from ._sent import set_argument


class SigmoidForOneClass(Rule):
    """Every row has exactly one class here, but sigmoid with binary crossentropy judges each
    class by itself. Softmax uses the knowledge that only one is right.
    """

    severity = "hint"
    source = "training"
    sets_off = (
        on(FLOWERS, dense(8), dense(3, "sigmoid"), compile={"loss": "binary_crossentropy"}),
    )
    stays_quiet = (on(FLOWERS, dense(8), dense(3, "softmax")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """An output with sigmoid over several classes whose loss is binary."""
        for name, target in context.targets.items():
            line, loss = context.stack.line(name), target.loss
            binary = (loss.class_name or "").startswith("Binary") and loss.pointer
            if target.form != "one_hot" or not binary or context.activation(line) != "sigmoid":
                continue
            fix = set_argument(line, activation="softmax")
            fix.append({"op": "replace", "path": loss.pointer, "value": "auto"})
            detail = f"Each row has one class of {target.column.name!r}, but {name!r} is sigmoid."
            yield Finding(line.pointer, detail, {"loss": loss.class_name}, fix, "Softmax")
