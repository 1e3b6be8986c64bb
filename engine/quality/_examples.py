"""Small datasets for the examples of rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.dataset.content import Content, Pictures

ROWS = 200


@dataclass(frozen=True)
class Example:
    """A dataset that is made when it is asked for: importing a rule must make nothing."""

    content: Callable[[], Content]


def table(**columns: Any) -> Example:
    """A table of these columns."""

    def make() -> Content:
        import polars as pl

        frame = pl.DataFrame(columns, strict=False)
        return Content(frame.columns, frame)

    return Example(make)


def noise(seed: int = 0, rows: int = ROWS) -> list[float]:
    """Numbers without any order."""
    return [float(value) for value in np.random.default_rng(seed).normal(size=rows)]


def words(*choice: str, seed: int = 0, rows: int = ROWS) -> list[str]:
    """One of the words in each row, by chance."""
    return [str(word) for word in np.random.default_rng(seed).choice(choice, rows)]


def numbered(form: str, rows: int = ROWS) -> list[str]:
    """A text with the number of each row, scattered, in the place of `{}`."""
    return [form.format(7919 * row % 10007) for row in range(rows)]


def pictures(
    shapes: Sequence[tuple[int, int, int]], *, same: Sequence[int] = (), black: Sequence[int] = ()
) -> Example:
    """Images of noise in these shapes, those at the places `same` all alike; some black."""

    def make() -> Content:
        import polars as pl

        rng = np.random.default_rng(0)
        values = [rng.integers(0, 256, int(np.prod(shape)), np.uint8) for shape in shapes]
        for place in same:
            values[place] = values[same[0]]
        for place in black:
            values[place] = np.zeros_like(values[place])
        labels = pl.DataFrame({"label": [str(place % 2) for place in range(len(shapes))]})
        images = Pictures(np.concatenate(values), np.array(shapes, np.int32))
        return Content(
            ["image", "label"], labels, images={"image": images}, roles={"label": "label"}
        )

    return Example(make)


PLAIN = table(x=noise(1), y=noise(2), label=words("no", "yes"))
"""Two numbers and two classes, nothing wrong with them."""
