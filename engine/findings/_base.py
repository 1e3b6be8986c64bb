"""What a rule over the course of a training is."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine.finding import Finding
from engine.rule import NamedRule

__all__ = ["Finding", "Record", "Rule"]

Logs = dict[str, float | None]


@dataclass
class Record:
    """What is remembered of a training.

    `request` is its canonical body, which pointers and fixes address. `gradients` are by epoch
    what `engine.training.gradients` measured: norms by layer name, and by `layer/reach`; `silent`
    by epoch the share of units of each ReLU layer that nothing wakes. `epochs` are the logs from
    epoch `first` on, None for what was not finite. `rows` are counts by part; `found_rate` is the
    learning rate that the training has found for itself. At the end of the training, `over`, come
    the evaluation in short and by output in full.
    """

    request: dict[str, Any]
    gradients: dict[int, dict[str, float]] = field(default_factory=dict)
    epochs: list[Logs] = field(default_factory=list)
    first: int = 0
    modes: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    silent: dict[int, dict[str, float]] = field(default_factory=dict)
    over: bool = False
    stop_reason: str | None = None
    evaluation: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    found_rate: float | None = None

    def line(self, name: str) -> tuple[str, dict[str, Any]]:
        """The pointer and the line of a layer."""
        for place, line in enumerate(self.request["stack"]["layers"]):
            if line["name"] == name:
                return f"/stack/layers/{place}", line
        raise KeyError(name)

    def course(self, key: str) -> list[float]:
        """The values of a metric epoch by epoch, up to the first that is missing or not finite."""
        found = []
        for logs in self.epochs:
            value = logs.get(key)
            if value is None:
                break
            found.append(value)
        return found

    @property
    def watched(self) -> str:
        """The loss that tells how good the network is: of the validation part if there is one."""
        return "val_loss" if any("val_loss" in logs for logs in self.epochs[:1]) else "loss"

    @property
    def settings(self) -> dict[str, Any]:
        """The section `fit` of the request."""
        return self.request.get("fit") or {}

    def has_callback(self, *names: str) -> bool:
        """Whether the request has a callback of one of these classes."""
        given = self.request.get("callbacks") or []
        return any(one["class_name"] in names for one in given if isinstance(one, dict))

    def rate(self) -> tuple[str, float | None]:
        """Where the learning rate stands in the request, and what it is; None for a schedule."""
        optimizer = self.request.get("compile", {}).get("optimizer", {})
        nested = "config" in optimizer
        value = (optimizer["config"] if nested else optimizer).get("learning_rate")
        place = f"/compile/optimizer{'/config' if nested else ''}/learning_rate"
        if value == "auto":
            return place, self.found_rate
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return place, float(value) if number else None

    def slower(self) -> list[dict[str, Any]] | None:
        """The fix that divides the learning rate by ten; None where that is no plain number."""
        place, rate = self.rate()
        if rate is None:
            return None
        return [{"op": "add", "path": place, "value": float(f"{rate / 10:.3g}")}]


class Rule(NamedRule, ABC):
    """One rule; its docstring tells why the finding matters, its file name is its name.

    A rule that can tell `during` the training may be named in `fit.stop_on`; the others look at
    it when it is over.
    """

    severity: ClassVar[str] = "warning"
    during: ClassVar[bool] = False

    @abstractmethod
    def check(self, record: Record) -> Iterator[Finding]:
        """What the rule finds."""

    @classmethod
    @abstractmethod
    def examples(cls) -> tuple[Record, Record]:
        """A record that sets it off, and one that does not."""
