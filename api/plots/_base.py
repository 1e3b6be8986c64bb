"""What a plot is, and what it is drawn from."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from api.plots._svg import shortened
from api.series import Columns
from lamina.schemas.evaluation import EvaluationReport, OutputEvaluation
from lamina.schemas.history import RangeTest

NOTHING = Columns([], {}, [], False)


@dataclass(frozen=True)
class Material:
    """What is known of a job. `curves`, `gradients` and `rates` are by epoch, from 0;
    `range_test` is that of the learning rate, where there was one.

    `modes` tells of curves whether more (`max`) or less (`min`) is better; `output` which output
    of the network is meant, the first that fits if None; `pictures` are PNGs (base64) of rows;
    `filters` what the engine's task of this name says.
    """

    name: str
    curves: Columns = NOTHING
    gradients: Columns = NOTHING
    rates: Columns = NOTHING
    range_test: RangeTest | None = None
    modes: dict[str, str] = field(default_factory=dict)
    report: EvaluationReport | None = None
    output: str | None = None
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)
    convolutions: bool = False
    filters: dict[str, Any] | None = None

    def outputs(self) -> dict[str, OutputEvaluation]:
        """The evaluated outputs, or the one that is meant."""
        found = self.report.outputs if self.report else {}
        if self.output is None:
            return found
        return {name: one for name, one in found.items() if name == self.output}

    def heading(self, output: str) -> str:
        """The line below a title: of what, on which rows."""
        if self.report is None:
            return shortened(self.name, 60)
        several = f", output {output}" if len(self.report.outputs) > 1 else ""
        part = self.report.part
        of = f"{self.report.rows} rows of the {part}{'' if part == 'dataset' else ' part'}"
        return f"{shortened(self.name, 28)}{several}, {of}"


class Plot(ABC):
    """One picture of a job. Its file's name is its name."""

    name: ClassVar[str] = ""
    title: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.name = cls.__module__.rsplit(".", 1)[-1]

    @classmethod
    @abstractmethod
    def fits(cls, material: Material) -> bool:
        """Whether there is anything to draw."""

    @classmethod
    @abstractmethod
    def draw(cls, material: Material) -> str:
        """The picture as SVG; only of material that fits."""


class OutputPlot(Plot):
    """A plot of one output's evaluation."""

    @classmethod
    def fits(cls, material: Material) -> bool:
        """Whether an output that is meant has something to draw."""
        return any(cls.shows(one) for one in material.outputs().values())

    @classmethod
    def draw(cls, material: Material) -> str:
        """The first output that has something to draw."""
        found = material.outputs().items()
        name, output = next((name, one) for name, one in found if cls.shows(one))
        return cls.sketch(output, material.heading(name))

    @classmethod
    @abstractmethod
    def shows(cls, output: OutputEvaluation) -> bool:
        """Whether this output has something to draw."""

    @classmethod
    @abstractmethod
    def sketch(cls, output: OutputEvaluation, note: str) -> str:
        """The picture of this output; `note` is the line below the title."""
