"""Every setting."""

from pathlib import Path

from core.settings import Settings
from manual.table import table


def rows() -> list[tuple[str, str, str]]:
    """Variable, default and meaning of each."""
    found = []
    for name, field in Settings.model_fields.items():
        default = field.default if name != "home" else "~/.lamina"
        shown = "" if default in (None, "", {}, []) else f"`{default}`"
        found.append((f"`LAMINA_{name.upper()}`", shown, str(field.description)))
    return found


def page(_assets: Path) -> str:
    """The page."""
    told = "Environment variables; all have defaults.\n"
    return f"# Settings\n\n{told}\n{table(('variable', 'default', 'meaning'), rows())}\n"
