"""Axes: scales with round ticks, the frame around an area, lines and dots within it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.plots._svg import text

Values = Sequence[float | None]


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high`, linear or by powers of ten; `whole` has ticks at integers."""

    low: float
    high: float
    log: bool = False
    whole: bool = False

    @classmethod
    def over(
        cls, values: Sequence[float], log: bool = False, whole: bool = False, pad: float = 0.04
    ) -> "Scale":
        """A scale that holds these values with a little room."""
        low, high = min(values), max(values)
        if log:
            low, high = math.log10(low), math.log10(high)
        room = (high - low) * pad
        if high - low <= 1e-12 * max(abs(low), abs(high)):
            room = 0.5 if log or whole else abs(low) * 0.1 or 1.0
        low, high = low - room, high + room
        return cls(10**low, 10**high, True) if log else cls(low, high, whole=whole)

    def share(self, value: float) -> float:
        """0 at the low end, 1 at the high one."""
        if self.log:
            low, high = math.log10(self.low), math.log10(self.high)
            return (math.log10(value) - low) / (high - low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """At most about so many round values, each as it is written."""
        if self.log:
            return self._powers(most)
        step = _round_step((self.high - self.low) / most)
        step = max(1.0, step) if self.whole else step
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        found = [(at * step, written(at * step, step)) for at in range(first, last + 1)]
        # Counting begins with one, so that is told as well, where there is room.
        from_one = self.whole and self.low == 1 and step >= 5
        return [(1.0, "1"), *found] if from_one else found

    def _powers(self, most: int) -> list[tuple[float, str]]:
        low, high = math.log10(self.low), math.log10(self.high)
        first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
        if last - first >= 2:
            step = max(1, math.ceil((last - first) / most))
            return [(10.0**at, _power(at)) for at in range(first, last + 1, step)]
        if high - low < 0.5:
            return [one for one in Scale(self.low, self.high).ticks(most) if one[0] > 0]
        values = [part * 10.0**at for at in range(first - 1, last + 1) for part in (1, 2, 5)]
        return [(at, f"{at:.6g}") for at in values if self.low <= at <= self.high]


def _power(at: int) -> str:
    return f"{10.0**at:g}" if -4 <= at <= 4 else f"1e{at}"


def _round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(one * power for one in (1, 2, 5, 10) if one * power >= least * (1 - 1e-9))


def written(value: float, step: float) -> str:
    """A tick's value with the digits that its step needs, large and small ones by powers."""
    if value == 0:
        return "0"
    if step >= 1e5 or step < 1e-4:
        short = f"{value:.2e}"
        mantissa, power = short.split("e")
        return f"{float(mantissa):g}e{int(power)}"
    return f"{value:.{max(0, -math.floor(math.log10(step) + 1e-9))}f}"


@dataclass(frozen=True)
class Area:
    """A rectangle of the sheet with a scale each way."""

    left: float
    top: float
    width: float
    height: float
    x: Scale
    y: Scale

    def across(self, value: float) -> float:
        """Where a value of x lies on the sheet."""
        return self.left + self.x.share(value) * self.width

    def down(self, value: float) -> float:
        """Where a value of y lies on the sheet."""
        return self.top + (1 - self.y.share(value)) * self.height

    def frame(self, x_name: str, y_name: str) -> Iterator[str]:
        """Grid, ticks and the names of both axes."""
        bottom, right = self.top + self.height, self.left + self.width
        for value, name in self.y.ticks(max(2, round(self.height / 38))):
            y = self.down(value)
            yield _line("grid", self.left, y, right, y)
            yield text(self.left - 6, y + 4, name, "soft", "end")
        ticks = self.x.ticks(max(2, round(self.width / 58)))
        for value, name in ticks:
            x = self.across(value)
            yield _line("axis", x, bottom, x, bottom + 4)
            yield text(x, bottom + 16, name, "soft", "middle")
        yield _line("axis", self.left, bottom, right, bottom)
        yield text(self.left, self.top - 7, y_name, "soft")
        if x_name:
            yield text(right, bottom + 31, x_name, "soft", "end")

    def line(self, xs: Sequence[float], ys: Values, kind: str) -> str:
        """A line through the points, a new beginning after a gap; single points are dots."""
        steps: list[str] = []
        dots: list[str] = []
        drawing = False
        for place, (x, y) in enumerate(zip(xs, ys, strict=True)):
            if y is None or (self.y.log and y <= 0):
                drawing = False
                continue
            point = f"{self.across(x):.1f} {self.down(y):.1f}"
            following = ys[place + 1] if place + 1 < len(ys) else None
            if not drawing and following is None:
                dots.append(self.dot(x, y, kind.replace("s", "f", 1), 3))
            steps.append(f"{'L' if drawing else 'M'}{point}")
            drawing = True
        return f'<path class="line {kind}" d="{"".join(steps)}"/>{"".join(dots)}'

    def dot(self, x: float, y: float, kind: str, radius: float) -> str:
        """A filled circle."""
        at = f'cx="{self.across(x):.1f}" cy="{self.down(y):.1f}"'
        return f'<circle class="{kind}" {at} r="{radius:g}"/>'

    def mark(self, x: float | None = None, y: float | None = None) -> str:
        """A dotted line across the area at a value."""
        if x is not None:
            at = self.across(x)
            return _line("mark", at, self.top, at, self.top + self.height)
        at = self.down(y or 0.0)
        return _line("mark", self.left, at, self.left + self.width, at)

    def diagonal(self, low: float, high: float) -> str:
        """A dotted line where both coordinates are equal."""
        ends = (self.across(low), self.down(low), self.across(high), self.down(high))
        return _line("mark", *ends)


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
