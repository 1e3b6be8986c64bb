"""Figures and how they are shown: the median, with minimum and maximum as the noise."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """Something measured several times."""

    name: str
    values: list[float]
    unit: str

    def row(self) -> str:
        """A row of a Markdown table."""
        noise = f"{min(self.values):.3g}–{max(self.values):.3g}"
        middle = f"{median(self.values):.3g} {self.unit}"
        return f"| {self.name} | {middle} | {noise} | {len(self.values)} |"


def ratio(name: str, above: list[float], below: list[float]) -> Figure:
    """The ratio run by run, which holds when the machine's speed drifts."""
    return Figure(name, [a / b for a, b in zip(above, below, strict=True)], "×")
