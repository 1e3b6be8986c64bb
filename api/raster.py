"""Drawings as PNG, by resvg. Their text is set in a font of the system, else in Pillow's own."""

import tempfile
from functools import cache
from pathlib import Path


def png(svg: str, width: int) -> bytes:
    """The drawing on white, so many pixels wide."""
    import resvg_py

    name, path = _font()
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            background="#ffffff",
            sans_serif_family=name,
            font_family=name,
            font_files=[path],
            image_rendering="optimize_speed",
        )
    )


@cache
def _font() -> tuple[str, str]:
    """The family and the file of a font that is always there."""
    from PIL import ImageFont

    font = ImageFont.load_default(12)
    folder = tempfile.mkdtemp(prefix="lamina-font-")
    path = Path(folder) / "default.ttf"
    if not isinstance(font, ImageFont.FreeTypeFont) or font.font_bytes is None:
        raise RuntimeError("Pillow was built without FreeType")
    path.write_bytes(font.font_bytes)
    return str(font.getname()[0]), str(path)
