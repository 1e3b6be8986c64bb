"""Several labels for each row: yes or no for each of them."""

from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.evaluation.counting import averages_of, scores_of
from engine.evaluation.keeping import Sample, Worst
from engine.evaluation.kinds._base import Kind, Task
from engine.evaluation.ranking import rank

_KEPT_SCORES = 4_000_000
_TOLD, _DRAWN = 100, 10
_LEAST = 1e-7
_WHOLE = ("index", "one_hot", "binary", "raw")


class Labels(Kind):
    """Each label by itself at the threshold 0.5, and all together."""

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        count = task.y.shape[1]
        self.names = list(task.target.classes) or list(range(count))
        self.hits, self.said, self.there = (np.zeros(count) for _ in range(3))
        self.rows = self.exact = self.wrong = 0
        self.sample = Sample(len(task.y), _KEPT_SCORES // max(1, count))
        self.worst = Worst()

    @classmethod
    def fits(cls, task: Task) -> bool:
        """Lists of labels, or arrays of 0 and 1 under a binary loss."""
        if task.y.ndim != 2 or task.target.image:
            return False
        if task.target.form not in _WHOLE:
            return True
        several = task.target.form == "raw" and task.y.shape[1] > 1
        binary = task.short_loss.startswith("binary")
        return several and binary and bool(np.isin(task.y, (0, 1)).all())

    def add(self, start: int, y: Array, outputs: Array) -> None:
        """A column for each label."""
        numbers = outputs.reshape(len(y), -1).astype(np.float64)
        scores = 0.5 * (1 + np.tanh(0.5 * numbers)) if self.task.from_logits else numbers
        truth = y > 0.5
        said = scores >= 0.5
        self.hits += (truth & said).sum(axis=0)
        self.said += said.sum(axis=0)
        self.there += truth.sum(axis=0)
        self.rows += len(y)
        self.wrong += int((truth != said).sum())
        self.exact += int((truth == said).all(axis=1).sum())
        self.sample.add(truth, scores.astype(np.float32))
        believed = np.clip(np.where(truth, scores, 1 - scores), _LEAST, 1.0)
        row_of = self.task.source.rows
        self.worst.add(
            -np.log(believed).mean(axis=1),
            lambda place: {
                "row": int(row_of[start + place]),
                "true": self._named(truth[place]),
                "predicted": self._named(said[place]),
            },
        )

    def result(self) -> dict[str, Any]:
        """A line and curves for each label."""
        scores = scores_of(self.hits, self.said, self.there)
        truth, kept = self.sample.columns
        told = sorted(np.argsort(-self.there, kind="stable")[:_TOLD])
        rankings = {int(one): rank(truth[:, one], kept[:, one]) for one in told}
        lines = [
            {
                "label": self.names[one],
                **{name: float(values[one]) for name, values in scores.items()},
                "support": int(self.there[one]),
                "predicted": int(self.said[one]),
                "roc_auc": (ranking := rankings[int(one)]) and ranking.auc,
                "average_precision": ranking and ranking.average_precision,
            }
            for one in told
        ]
        known = {one: ranking for one, ranking in rankings.items() if ranking is not None}
        drawn = sorted(sorted(known, key=lambda one: -self.there[one])[:_DRAWN])
        return {
            "metrics": self._metrics(),
            "averages": averages_of(scores, self.there, np.ones(len(self.there), bool)),
            "classes": lines,
            "classes_left_out": max(0, len(self.names) - _TOLD),
            "roc": [known[one].roc_curve(self.names[one]) for one in drawn],
            "pr": [known[one].pr_curve(self.names[one]) for one in drawn],
            "curve_elements": len(truth),
            "worst": self.worst.result(),
        }

    def _metrics(self) -> dict[str, Any]:
        total = self.said.sum() + self.there.sum()
        return {
            "exact_match": self.exact / max(1, self.rows),
            "hamming_loss": self.wrong / max(1, self.rows * len(self.names)),
            "micro_f1": float(2 * self.hits.sum() / total) if total else 0.0,
        }

    def _named(self, chosen: Array) -> list[Any]:
        return [self.names[place] for place in np.flatnonzero(chosen)[:20]]
