"""Numbers: one for each row, or arrays of them, images included."""

from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.evaluation.forecast import forecast_of
from engine.evaluation.keeping import Sample, Worst
from engine.evaluation.kinds._base import Kind, Task

_KEPT, _SHOWN, _POSITIONS, _BINS = 200_000, 1000, 32, 40
_CHUNK = 65_536


class Numbers(Kind):
    """Errors by the usual measures, how they are spread, and predicted against true values."""

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.shape = task.y.shape[1:]
        size = max(1, int(np.prod(self.shape)))
        self.size = size
        self.positions = size if size <= _POSITIONS else 1
        self.sums = {name: np.zeros(self.positions) for name in ("off", "mae", "mse", "mape")}
        self.largest, self.zeros, self.count = 0.0, 0, 0
        self.fits_shape = True
        self.sample = Sample(task.y.size, _KEPT)
        self.worst = Worst()
        self.single: list[Array] = []

    @classmethod
    def fits(cls, task: Task) -> bool:
        """Whatever no other kind takes."""
        del task
        return True

    def add(self, start: int, y: Array, outputs: Array) -> None:
        """Sums in double precision; a sample of the elements is kept."""
        if outputs.size != y.size:
            self.fits_shape = False
            return
        true = y.reshape(len(y), -1).astype(np.float64)
        said = outputs.reshape(len(y), -1).astype(np.float64)
        off = said - true
        self._count(true, off)
        rows = np.repeat(np.arange(start, start + len(y)), self.size)
        self.sample.add(rows, true.reshape(-1), said.reshape(-1))
        if self.size == 1 and self.task.source.layout is not None:
            self.single.append(said[:, 0].astype(np.float32))
        self._add_worst(start, true, said, off)

    def _count(self, true: Array, off: Array) -> None:
        size = np.abs(off)
        self.count += len(off) * self.size // self.positions
        self.largest = max(self.largest, float(size.max(initial=0.0)))
        self.zeros += int((true == 0).sum())
        share = np.divide(size, np.abs(true), out=np.zeros_like(size), where=true != 0)
        each = (("off", off), ("mae", size), ("mse", off * off), ("mape", share))
        for name, values in each:
            self.sums[name] += values.reshape(-1, self.positions).sum(axis=0)

    def _add_worst(self, start: int, true: Array, said: Array, off: Array) -> None:
        row_of = self.task.source.rows

        def tell(place: int) -> dict[str, Any]:
            told: dict[str, Any] = {"row": int(row_of[start + place])}
            if self.size <= _POSITIONS:
                pair = (true[place], said[place])
                values = [v.tolist() if self.size > 1 else float(v[0]) for v in pair]
                told |= {"true": values[0], "predicted": values[1]}
            return told

        self.worst.add(np.abs(off).mean(axis=1), tell)

    def result(self) -> dict[str, Any]:
        """Over all elements; by position too where a row has a few."""
        if not self.fits_shape:
            given = [1 if size is None else size for size in self.task.shape]
            return {"reason": f"Outputs of shape {given} do not match targets {list(self.shape)}."}
        places, true, said = self.sample.columns
        errors = said - true
        return {
            "elements": self.count * self.positions,
            "metrics": self._metrics(errors),
            "positions": self._by_position(),
            "residuals": _histogram(errors),
            "sample": self._shown(places, true, said),
            "forecast": forecast_of(self.task, self.single),
            "worst": self.worst.result(),
        }

    def _spread(self) -> Array:
        """`[positions]`: the sum of squares of the truth about its mean."""
        flat = self.task.y.reshape(-1, self.positions)
        mean = flat.mean(axis=0, dtype=np.float64)
        spread = np.zeros(self.positions)
        for at in range(0, len(flat), _CHUNK):
            spread += np.square(flat[at : at + _CHUNK] - mean).sum(axis=0, dtype=np.float64)
        return spread

    def _metrics(self, errors: Array) -> dict[str, Any]:
        total = max(1, self.count * self.positions)
        means = {name: float(values.sum()) / total for name, values in self.sums.items()}
        return {
            "mae": means["mae"],
            "rmse": float(np.sqrt(means["mse"])),
            "r2": float(np.mean(self._determined())),
            "mape": means["mape"] if not self.zeros else None,
            "median_absolute_error": float(np.median(np.abs(errors))),
            "max_error": self.largest,
            "bias": means["off"],
        }

    def _determined(self) -> Array:
        """R² of each position: the share of the variance that is explained."""
        spread = self._spread()
        left = self.sums["mse"]
        # As everywhere: a constant that is met exactly is 1, any other prediction of one is 0.
        constant = np.where(left == 0, 1.0, 0.0)
        return np.where(spread > 0, 1 - left / np.where(spread > 0, spread, 1.0), constant)

    def _by_position(self) -> list[dict[str, float]] | None:
        if self.positions == 1:
            return None
        r2 = self._determined()
        return [
            {
                "position": place,
                "mae": float(self.sums["mae"][place] / self.count),
                "rmse": float(np.sqrt(self.sums["mse"][place] / self.count)),
                "r2": float(r2[place]),
            }
            for place in range(self.positions)
        ]

    def _shown(self, places: Array, true: Array, said: Array) -> dict[str, Any]:
        step = max(1, -(-len(true) // _SHOWN))
        rows = self.task.source.rows[places[::step]]
        return {"rows": rows, "true": true[::step], "predicted": said[::step]}


def _histogram(errors: Array) -> dict[str, Any] | None:
    known = errors[np.isfinite(errors)]
    if not len(known):
        return None
    bins = int(np.clip(np.sqrt(len(known)), 5, _BINS))
    counts, edges = np.histogram(known, bins=bins)
    return {"edges": edges, "counts": counts}
