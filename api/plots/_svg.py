"""The sheet that plots are drawn on (SVG 1.1): its size, its style, texts and swatches.

It is as wide as a telephone, so that text stays readable there, and grows without loss on paper.
Colours keep apart for the colour-blind; lines differ in their dashes as well, for print.
"""

from collections.abc import Iterable, Sequence
from html import escape
from math import floor, log10

WIDTH = 420
MARGIN = 14
SERIES = 7
"""So many lines have colours of their own; later ones repeat them, dashed."""

_LIGHT = ("#0b66c3", "#c2570c", "#00806a", "#a4508b", "#8a6d00", "#2b8cae", "#5b6673")
_DARK = ("#6cb6ff", "#f0a35e", "#4cc9a9", "#d69ac6", "#e3c34f", "#8fd3f0", "#a9b6c2")


def _colours(colours: Sequence[str]) -> str:
    return "".join(
        f".s{number}{{stroke:{colour}}}.f{number}{{fill:{colour}}}"
        for number, colour in enumerate(colours)
    )


STYLE = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:11px;"
    "fill:#1c2733;font-variant-numeric:tabular-nums}"
    ".page{fill:#fff}.title{font-size:14px;font-weight:600}.soft{fill:#4a5866}"
    ".grid{stroke:#8a97a5;stroke-opacity:.22}.axis{stroke:#8a97a5}"
    ".mark{stroke:#4a5866;stroke-dasharray:2 3}.line{fill:none;stroke-width:2;"
    "stroke-linejoin:round;stroke-linecap:round}.dash{stroke-dasharray:6 4}"
    ".dot{stroke:none;fill-opacity:.45}.on{fill:#fff}.tile{fill:none;stroke:#8a97a5}"
    f"{_colours(_LIGHT)}"
    "@media (prefers-color-scheme:dark){text{fill:#e8eef4}.page{fill:#161d24}.soft{fill:#a9b6c2}"
    f".mark{{stroke:#a9b6c2}}.on{{fill:#0d1318}}{_colours(_DARK)}}}"
)


def sheet(height: float, title: str, note: str, parts: Iterable[str]) -> str:
    """A whole picture with its title and a line below it."""
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'aria-label="{escape(printable(f"{title}. {note}"))}"><style>{STYLE}</style>'
        f'<rect class="page" width="{WIDTH}" height="{height:.0f}"/>',
        text(MARGIN, 24, shortened(title, 52), "title"),
        text(MARGIN, 41, shortened(note, 66), "soft"),
    ]
    return "".join([*head, *parts, "</svg>"])


def text(x: float, y: float, content: object, kind: str = "", anchor: str = "start") -> str:
    """A line of text that stands at, is centred on, or ends at x."""
    kept = f' class="{kind}"' if kind else ""
    placed = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{kept}{placed}>{escape(printable(content))}</text>'


def legend(top: float, entries: Sequence[tuple[str, str]], columns: int = 2) -> list[str]:
    """Swatches of line classes with their names, in columns; each line is 16 high."""
    width = (WIDTH - 2 * MARGIN) / columns
    parts = []
    for place, (kind, name) in enumerate(entries):
        x, y = MARGIN + place % columns * width, top + place // columns * 16
        parts.append(
            f'<line class="line {kind}" x1="{x:.1f}" x2="{x + 20:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        parts.append(text(x + 27, y + 4, shortened(name, round(width / 6.3) - 5)))
    return parts


def legend_height(entries: int, columns: int = 2) -> float:
    """The height that a legend takes."""
    return -(-entries // columns) * 16


def series(number: int) -> str:
    """The class of a line by its number."""
    return f"s{number % SERIES}" + (" dash" if number // SERIES % 2 else "")


def shortened(content: object, most: int) -> str:
    """At most so many characters, an ellipsis in place of what was in the middle."""
    whole = printable(content)
    if len(whole) <= most:
        return whole
    end = (most - 1) // 3
    return f"{whole[: most - 1 - end].rstrip()}…{whole[len(whole) - end :].lstrip()}"


def printable(content: object) -> str:
    """Without the control characters that XML forbids."""
    return "".join(c if c.isprintable() else " " for c in str(content))


def number(value: float | None, digits: int = 4) -> str:
    """A value as people write it."""
    if value is None:
        return "–"
    if value and 1e-4 <= abs(value) < 1e6:
        places = max(0, digits - 1 - floor(log10(abs(value))))
        whole = f"{value:.{places}f}"
        return whole.rstrip("0").rstrip(".") if "." in whole else whole
    return f"{value:.{digits}g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
