"""Every format of datasets and of side files."""

import inspect
from pathlib import Path

from engine.files import FORMS
from engine.formats import FORMATS


def page(_assets: Path) -> str:
    """The page."""
    parts = ["# Formats\n", "What a file is of is told by its content.\n", "## Of datasets\n"]
    for name, form in sorted(FORMATS.items()):
        endings = ", ".join(f"`{ending}`" for ending in sorted(form.extensions))
        parts += [f"### {name}\n", f"{inspect.getdoc(form)}\n"]
        parts += [f"File names end in {endings}.\n"] if endings else []
    parts.append("## Of side files\n")
    for name, side in sorted(FORMS.items()):
        parts += [f"### {name}\n", f"{inspect.getdoc(side)}\n"]
    return "\n".join(parts)
