"""Values scaled twice."""

from collections.abc import Iterator

from engine.stack.line import Line

from ._base import Finding, Rule
from ._context import Context
from ._examples import PICTURES, dense, layer, on
from ._kinds import RESHAPING

_SCALED = {"Rescaling": "image", "Normalization": "standard"}
_TINY = 0.1


class DoubleScaling(Rule):
    """The encoding has scaled the values already: `image` to 0..1, `standard` to a spread of
    one. Scaled again, pixels are all next to zero and nearly alike.
    """

    severity = "warning"
    source = "data"
    sets_off = (
        on(
            PICTURES,
            layer("RandomFlip"),
            layer("Rescaling", scale=1 / 255),
            layer("Flatten"),
            dense(8),
            dense(10, "softmax"),
        ),
    )
    stays_quiet = (
        on(
            PICTURES,
            layer("Rescaling", scale=1 / 255),
            layer("Flatten"),
            dense(8),
            dense(10, "softmax"),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A scaling layer, reached before any weights, behind an encoding that scales."""
        scaled: dict[str, set[str]] = {}
        for line, _, encoding, _ in context.fed():
            scales = encoding["class_name"] == "image" and encoding["scale"] != "none"
            if encoding["class_name"] == "standard" or scales:
                scaled.setdefault(line.name, set()).add(encoding["class_name"])
        for line in context.lines(*_SCALED):
            source = _input_of(context, line)
            if source is None or _SCALED[line.class_name] not in scaled.get(source.name, ()):
                continue
            factor = context.value(line, "scale")
            if isinstance(factor, (int, float)) and factor > _TINY:
                continue
            yield Finding(
                line.pointer,
                f"{line.name!r} scales what the encoding {_SCALED[line.class_name]!r} of "
                f"{source.name!r} has scaled.",
                {"encoding": _SCALED[line.class_name]},
                context.without(line),
                line.class_name,
            )


def _input_of(context: Context, line: Line) -> Line | None:
    """The Input that reaches a layer through layers without weights only."""
    found = context.before(line)
    while found is not None and not found.is_input:
        plain = found.class_name in RESHAPING or found.class_name.startswith("Random")
        found = context.before(found) if plain or found.class_name == "Resizing" else None
    return found
