"""Gradients that grow beyond measure."""

import math
from collections.abc import Iterator

from ._base import Finding, Record, Rule

_LARGE, _HUGE = 1e3, 1e6
_GROWTH = 100
"""A loss in large units has large gradients: what is merely large must also have grown."""


class ExplodingGradients(Rule):
    """The gradient grows at every step back through a recurrent layer, and one step of training
    throws away what many have learned. Clipping it to a norm keeps each step small; LSTM and GRU
    are less prone to it.
    """

    during = True

    def check(self, record: Record) -> Iterator[Finding]:
        """The recurrent layer with the largest norm of any epoch."""
        norms = [
            (norm, name, epoch)
            for epoch, found in record.gradients.items()
            for name, norm in found.items()
            if not name.endswith("/reach")
        ]
        if not norms:
            return
        norm, name, epoch = max(
            norms, key=lambda one: one[0] if math.isfinite(one[0]) else math.inf
        )
        optimizer = record.request.get("compile", {}).get("optimizer", {})
        arguments = optimizer.get("config") or optimizer
        clipped = any(arguments.get(key) for key in ("clipnorm", "clipvalue", "global_clipnorm"))
        least = min(one for one, _, _ in norms)
        grown = norm >= _LARGE and norm >= _GROWTH * least
        if clipped or (math.isfinite(norm) and norm < _HUGE and not grown):
            return
        place = f"/compile/optimizer{'/config' if 'config' in optimizer else ''}/clipnorm"
        yield Finding(
            record.line(name)[0],
            f"The gradient of {name!r} had a norm of {norm:.3g} after epoch {epoch}.",
            {"norm": norm if math.isfinite(norm) else str(norm), "epoch": epoch},
            [{"op": "add", "path": place, "value": 1.0}],
            "LSTM",
        )

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """A norm of a million, and the same clipped."""
        lines = [{"class_name": "Input", "name": "input"}, {"class_name": "GRU", "name": "gru"}]
        stack = {"layers": lines}
        plain = {"stack": stack, "compile": {"optimizer": {"class_name": "SGD"}}}
        clipped = {"class_name": "SGD", "clipnorm": 1.0}
        course = {0: {"gru": 3.0, "gru/reach": 0.5}, 1: {"gru": 1e6, "gru/reach": 0.5}}
        return Record(plain, course), Record(plain | {"compile": {"optimizer": clipped}}, course)
