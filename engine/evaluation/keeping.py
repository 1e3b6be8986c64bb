"""What is kept of very many rows: the worst of them, and an even sample."""

from typing import Any

import numpy as np

from engine.dataset.content import Array

WORST = 16


class Worst:
    """The rows with the largest loss, each with what is to be told of it."""

    def __init__(self, most: int = WORST) -> None:
        self._most = most
        self._kept: list[tuple[float, dict[str, Any]]] = []

    def add(self, losses: Array, tell: Any) -> None:
        """Look at a chunk; `tell(place)` describes the row at a place in it."""
        known = np.where(np.isfinite(losses), losses, np.inf)
        most = min(self._most, len(known))
        if not most:
            return
        for place in np.argpartition(-known, most - 1)[:most]:
            if len(self._kept) < self._most or known[place] > self._kept[-1][0]:
                self._kept.append((float(known[place]), tell(int(place))))
                self._kept.sort(key=lambda one: -one[0])
                del self._kept[self._most :]

    def result(self) -> list[dict[str, Any]]:
        """The worst first, each with its `loss`."""
        return [{**told, "loss": loss} for loss, told in self._kept]


class Sample:
    """Every n-th of the elements that come, n chosen beforehand so that the number is bounded."""

    def __init__(self, total: int, most: int) -> None:
        self.step = max(1, -(-total // max(1, most)))
        self._seen = 0
        self._parts: list[tuple[Array, ...]] = []

    def add(self, *columns: Array) -> None:
        """Take from arrays of one length."""
        first = -self._seen % self.step
        self._seen += len(columns[0])
        self._parts.append(tuple(column[first :: self.step].copy() for column in columns))

    @property
    def columns(self) -> tuple[Array, ...]:
        """What was kept of each array."""
        return tuple(np.concatenate(parts) for parts in zip(*self._parts, strict=True))
