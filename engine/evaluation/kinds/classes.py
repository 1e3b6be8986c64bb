"""One class for each row, or for each element of a row (a mask, a sequence of tags)."""

from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.evaluation import thresholds
from engine.evaluation.counting import Confusion, averages_of, scores_of
from engine.evaluation.keeping import Sample, Worst
from engine.evaluation.kinds._base import Kind, Task
from engine.evaluation.ranking import Ranking, rank
from engine.targets import Link, TargetEncoding

_KEPT_SCORES = 4_000_000
_RANKED, _DRAWN, _TOLD = 200, 10, 100
_LEAST = 1e-7
"""Below this a probability counts as this much in the loss, as in Keras."""


class Classes(Kind):
    """Confusion matrix, a line for each class, ROC and precision-recall curves, worst rows."""

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        labels = _labels(task)
        if labels is None:
            raise TypeError(f"the target {task.target.column!r} holds no classes")
        self.labels = labels
        self.names = labels.classes
        count = len(self.names)
        self.confusion = Confusion(count)
        self.worst = Worst()
        elements = task.y.size // (task.y.shape[-1] if _one_hot(task) else 1)
        self.sample = Sample(elements, _KEPT_SCORES // max(1, count))
        self.losses = 0.0

    @classmethod
    def fits(cls, task: Task) -> bool:
        """Labels, or whole numbers under a loss for classes."""
        return _labels(task) is not None

    def add(self, start: int, y: Array, outputs: Array) -> None:
        """Outputs as probabilities, class by class; the elements of a row one after another."""
        count = len(self.names)
        flat = outputs.reshape(-1, outputs.shape[-1] if outputs.ndim > 1 else 1)
        scores = self.labels.probabilities(flat)
        true = y.argmax(axis=-1) if _one_hot(self.task) else y
        numbers = true.reshape(-1).astype(np.int64)
        said = np.where(np.isfinite(scores), scores, -1.0).argmax(axis=1)
        self.confusion.add(numbers, said)
        self.sample.add(numbers, scores.astype(np.float32))
        chosen = scores[np.arange(len(numbers)), np.minimum(numbers, count - 1)]
        losses = -np.log(np.clip(chosen, _LEAST, 1.0))
        self.losses += float(losses.sum())
        self._add_worst(start, len(y), numbers, said, scores, losses)

    def _add_worst(
        self, start: int, rows: int, numbers: Array, said: Array, scores: Array, losses: Array
    ) -> None:
        row_of = self.task.source.rows
        if len(numbers) != rows:
            mean = losses.reshape(rows, -1).mean(axis=1)
            wrong = (numbers != said).reshape(rows, -1).mean(axis=1)
            self.worst.add(
                mean,
                lambda place: {"row": int(row_of[start + place]), "wrong": float(wrong[place])},
            )
            return
        self.worst.add(
            losses,
            lambda place: {
                "row": int(row_of[start + place]),
                "true": self.names[numbers[place]],
                "predicted": self.names[said[place]],
                "score": float(scores[place, said[place]]),
            },
        )

    def result(self) -> dict[str, Any]:
        """All that is known, for classes that are many only of the most frequent."""
        confusion, names = self.confusion, self.names
        support, predicted = confusion.support, confusion.predicted
        scores = scores_of(confusion.hits, predicted, support)
        seen = (support > 0) | (predicted > 0)
        matrix = confusion.matrix()
        true, kept = self.sample.columns
        rankings = self._rankings(true, kept, support)
        return {
            "elements": int(support.sum()),
            "metrics": self._metrics(scores, support, rankings),
            "averages": averages_of(scores, support, seen),
            "classes": self._lines(scores, support, predicted, rankings),
            "classes_left_out": max(0, len(names) - _TOLD),
            "confusion": matrix and {"labels": names, "counts": matrix},
            "confusions": confusion.mistakes(names),
            **_curves(rankings, names, support),
            "curve_elements": len(true),
            **self._binary(true, kept),
            "worst": self.worst.result(),
        }

    def _metrics(
        self, scores: dict[str, Array], support: Array, rankings: dict[int, Ranking]
    ) -> dict[str, Any]:
        total = max(1.0, float(support.sum()))
        areas = [ranking.auc for ranking in rankings.values()]
        there = support > 0
        return {
            "accuracy": float(self.confusion.hits.sum()) / total,
            "balanced_accuracy": float(scores["recall"][there].mean()) if there.any() else None,
            "log_loss": self.losses / total,
            "roc_auc": float(np.mean(areas)) if areas else None,
        }

    def _rankings(self, true: Array, scores: Array, support: Array) -> dict[int, Ranking]:
        """Of the most frequent classes against all others; of two, the second one alone."""
        wanted = np.argsort(-support, kind="stable")[:_RANKED]
        if len(self.names) == 2:
            wanted = np.array([1])
        found = {int(number): rank(true == number, scores[:, number]) for number in wanted}
        return {number: ranking for number, ranking in found.items() if ranking is not None}

    def _lines(
        self,
        scores: dict[str, Array],
        support: Array,
        predicted: Array,
        rankings: dict[int, Ranking],
    ) -> list[dict[str, Any]]:
        told = sorted(np.argsort(-support, kind="stable")[:_TOLD])
        lines = []
        for number in told:
            ranking = rankings.get(int(number))
            lines.append(
                {
                    "label": self.names[number],
                    **{name: float(values[number]) for name, values in scores.items()},
                    "support": int(support[number]),
                    "predicted": int(predicted[number]),
                    "roc_auc": ranking and ranking.auc,
                    "average_precision": ranking and ranking.average_precision,
                }
            )
        return lines

    def _binary(self, true: Array, scores: Array) -> dict[str, Any]:
        if len(self.names) != 2 or not len(true):
            return {"positive": None, "calibration": None, "thresholds": None, "brier": None}
        positive = true == 1
        yes = np.nan_to_num(scores[:, 1].astype(np.float64))
        return {
            "positive": self.names[1],
            "calibration": thresholds.calibration(positive, yes),
            "thresholds": thresholds.table(positive, yes),
            "brier": float(np.square(yes - positive).mean()),
        }


def _curves(rankings: dict[int, Ranking], names: list[Any], support: Array) -> dict[str, Any]:
    drawn = sorted(rankings, key=lambda number: -support[number])[:_DRAWN]
    return {
        "roc": [rankings[number].roc_curve(names[number]) for number in sorted(drawn)],
        "pr": [rankings[number].pr_curve(names[number]) for number in sorted(drawn)],
    }


def _one_hot(task: Task) -> bool:
    if task.target.form != "raw":
        return task.target.form == "one_hot"
    return "categorical" in task.short_loss and not task.short_loss.startswith("sparse")


def _labels(task: Task) -> TargetEncoding | None:
    """The labels as the target has them; of an array, its numbers. None where there are none."""
    target, units = task.target, task.shape[-1] if task.shape else None
    if target.form in ("index", "one_hot", "binary"):
        return target
    if target.form != "raw" or target.image or not units:
        return None
    if task.short_loss.startswith("binary") and units == 1 and _holds(task.y, 1):
        link: Link | None = "sigmoid" if task.from_logits else None
        return TargetEncoding(target.column, "binary", [0, 1], link)
    fits = task.y.dtype.kind in "iu" or _one_hot(task)
    if "categorical" in task.short_loss and fits and units > 1:
        softmax: Link | None = "softmax" if task.from_logits else None
        return TargetEncoding(target.column, "index", list(range(units)), softmax)
    return None


def _holds(y: Array, most: int) -> bool:
    """Whether there are whole numbers from 0 to `most` alone."""
    return bool(np.isin(y, np.arange(most + 1)).all())
