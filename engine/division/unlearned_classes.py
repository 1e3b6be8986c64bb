"""Classes that are held out and never trained on."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.encodings._base import as_text

from ._base import Finding, Rule
from ._parts import Example, Parts

_SHARE = 0.01
_KINDS = ("category", "boolean")


def _of(*classes: str) -> dict[str, Any]:
    return {"y": list(classes) * 20}


class UnlearnedClasses(Rule):
    """A class of which no row is trained on cannot be predicted. Every held-out row of it counts as
    a mistake that no network could have avoided.
    """

    sets_off = (Example({"training": _of("a", "b"), "test": _of("b", "c")}, [], ["y"]),)
    stays_quiet = (
        Example({"training": _of("a", "b"), "test": _of("b")}, [], ["y"]),
        Example({"training": {"y": [1.0, 2.0]}, "test": {"y": [3.0, 4.0]}}, [], ["y"]),
    )

    def check(self, parts: Parts) -> Iterator[Finding]:
        """At least one held-out row of a hundred."""
        for column in parts.columns(parts.targets):
            if column.kind not in _KINDS:
                continue
            name = column.name
            known = set(as_text(parts.training.read(name, parts.training.rows)))
            for part_name, part in parts.held_out():
                labels = as_text(part.read(name, part.rows))
                strange = np.array([label not in known for label in labels])
                if strange.mean() >= _SHARE:
                    classes = sorted({str(labels[place]) for place in np.flatnonzero(strange)})
                    shown = ", ".join(map(repr, classes[:5]))
                    detail = f"No row of {name!r} = {shown} is trained on, but the {part_name} part"
                    evidence = {
                        "part": part_name,
                        "rows": int(strange.sum()),
                        "classes": classes[:50],
                    }
                    told = f"{detail} has {int(strange.sum())}."
                    yield Finding(parts.place(part_name), told, evidence)
