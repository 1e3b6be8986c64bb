"""A small picture for each family of layers: what comes in, what goes out (SVG, 96 by 40)."""

from collections.abc import Iterable


def _cells(left: int, top: int, columns: int, rows: int, size: int = 8, full: str = "") -> str:
    """A grid of cells; `full` lists the filled ones by number."""
    chosen = {int(number) for number in full.split()}
    return "".join(
        f'<rect x="{left + size * (number % columns)}" y="{top + size * (number // columns)}" '
        f'width="{size - 1}" height="{size - 1}" class="{"f" if number in chosen else "e"}"/>'
        for number in range(columns * rows)
    )


def _dots(left: int, count: int, full: Iterable[int] = ()) -> str:
    """Units one below the other."""
    chosen, gap = set(full), 36 / (count + 1)
    return "".join(
        f'<circle cx="{left}" cy="{2 + gap * (number + 1):.0f}" r="3.5" '
        f'class="{"f" if number in chosen else "e"}"/>'
        for number in range(count)
    )


def _line(*points: float) -> str:
    pairs = [f"{x} {y}" for x, y in zip(points[::2], points[1::2], strict=True)]
    return f'<path d="M{" L".join(pairs)}" class="l"/>'


def _fan(left: int, right: int, before: int, after: int) -> str:
    """A line from every unit to every unit."""
    down = [2 + 36 / (before + 1) * (number + 1) for number in range(before)]
    up = [2 + 36 / (after + 1) * (number + 1) for number in range(after)]
    return "".join(_line(left, a, right, b) for a in down for b in up)


_ARROW = '<path d="M42 20h12m-4 -4l4 4l-4 4" class="l"/>'
_STEPS = "".join(_cells(8 + 20 * number, 16, 1, 1, 12) for number in range(4))

_PICTURES = {
    "core": _fan(24, 72, 4, 3) + _dots(24, 4, range(4)) + _dots(72, 3, range(3)),
    "convolution": _cells(4, 4, 4, 4, 8, "0 1 2 4 5 6 8 9 10")
    + _ARROW
    + _cells(62, 8, 3, 3, 8, "0"),
    "pooling": _cells(4, 4, 4, 4, 8, "2 3 6 7") + _ARROW + _cells(66, 12, 2, 2, 8, "1"),
    "recurrent": _STEPS
    + "".join(_line(20 + 20 * number, 22, 27 + 20 * number, 22) for number in range(3))
    + '<path d="M74 15c8 -12 -16 -12 -8 0" class="l"/>',
    "attention": _fan(24, 72, 4, 4) + _dots(24, 4, (1,)) + _dots(72, 4, range(4)),
    "normalisation": "".join(
        f'<rect x="{6 + 9 * n}" y="{36 - h}" width="7" height="{h}" class="e"/>'
        f'<rect x="{60 + 9 * n}" y="{36 - 12 - n % 2 * 4}" width="7" '
        f'height="{12 + n % 2 * 4}" class="f"/>'
        for n, h in enumerate((30, 8, 22, 4))
    )
    + _ARROW,
    "regularisation": _dots(24, 4, range(4)) + _ARROW + _dots(72, 4, (0, 2)),
    "reshaping": _cells(8, 8, 3, 3, 8, "0 1 2 3 4 5 6 7 8")
    + _ARROW
    + _cells(60, 4, 1, 4, 8, "0 1 2 3"),
    "merging": _cells(6, 2, 3, 2, 8, "0 1 2 3 4 5")
    + _cells(6, 22, 3, 2, 8)
    + _ARROW
    + _cells(62, 4, 3, 4, 8, "0 1 2 3 4 5"),
    "activation": _line(8, 28, 46, 28, 84, 6) + '<path d="M8 28H88M46 4V36" class="g"/>',
    "preprocessing": '<text x="8" y="24">“a b”</text>' + _ARROW + '<text x="62" y="24">3 7</text>',
    "utility": _cells(4, 12, 4, 2, 8, "0 1 4 5") + _ARROW + _cells(60, 12, 4, 2, 8, "0 1 4 5"),
    "wrapper": '<rect x="8" y="4" width="80" height="32" rx="4" class="o"/>'
    + _dots(32, 3, range(3))
    + _fan(32, 64, 3, 2)
    + _dots(64, 2, range(2)),
}


def picture(family: str) -> str:
    """The picture of a family; nothing for one that has none."""
    drawn = _PICTURES.get(family)
    if drawn is None:
        return ""
    return f'<svg class="family" viewBox="0 0 96 40" aria-hidden="true">{drawn}</svg>'
