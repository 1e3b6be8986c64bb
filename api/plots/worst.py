"""The images that the network got most wrong."""

from typing import Any

from api.plots._base import Material, Plot
from api.plots._svg import MARGIN, WIDTH, number, sheet, shortened, text

_ACROSS, _GAP, _TOP, _MOST = 4, 8, 56, 16


class Worst(Plot):
    """What is true, what was predicted, and the loss; the worst first."""

    title = "Worst images"

    @classmethod
    def fits(cls, material: Material) -> bool:
        """Where rows hold images."""
        return bool(material.pictures) and bool(_rows(material))

    @classmethod
    def draw(cls, material: Material) -> str:
        """A tile for each image; of images as targets the true and the predicted one."""
        name, rows = next(iter(_rows(material).items()))
        paired = "predicted" in material.pictures[str(rows[0]["row"])]
        across = _ACROSS // 2 if paired else _ACROSS
        size = (WIDTH - 2 * MARGIN - (_ACROSS - 1) * _GAP) / _ACROSS
        step = size + (22 if paired else 36)
        parts = []
        for place, told in enumerate(rows):
            images = material.pictures[str(told["row"])]
            wide = size * 2 + 2 * _GAP if paired else size + _GAP
            x, y = MARGIN + place % across * wide, _TOP + place // across * step
            shown = ("true", "predicted") if paired else ("input",)
            for offset, key in enumerate(shown):
                parts.append(_image(images[key], x + offset * (size + 2), y, size))
            parts += _caption(told, x, y + size + 13, paired)
        height = _TOP + -(-len(rows) // across) * step + 4
        return sheet(height, cls.title, material.heading(name), parts)


def _rows(material: Material) -> dict[str, list[dict[str, Any]]]:
    """By output those of the worst rows that there are pictures of."""
    found = {
        name: [told for told in output.worst if str(told["row"]) in material.pictures][:_MOST]
        for name, output in material.outputs().items()
    }
    return {name: rows for name, rows in found.items() if rows}


def _image(png: str, x: float, y: float, size: float) -> str:
    box = f'x="{x:.1f}" y="{y:.1f}" width="{size:.1f}" height="{size:.1f}"'
    return (
        f'<image {box} style="image-rendering:pixelated" href="data:image/png;base64,{png}"/>'
        f'<rect class="tile" {box}/>'
    )


def _caption(told: dict[str, Any], x: float, y: float, paired: bool) -> list[str]:
    row = f"row {told['row']}, loss {number(told['loss'], 3)}"
    if paired:
        return [text(x, y, row, "soft")]
    if "true" not in told:
        return [text(x, y, f"row {told['row']}"), text(x, y + 14, _loss(told), "soft")]
    pair = f"{_brief(told['true'])} → {_brief(told['predicted'])}"
    return [text(x, y, shortened(pair, 16)), text(x, y + 14, _loss(told), "soft")]


def _brief(value: object) -> str:
    return number(value, 3) if isinstance(value, float) else shortened(value, 7)


def _loss(told: dict[str, Any]) -> str:
    return f"loss {number(told['loss'], 3)}"
