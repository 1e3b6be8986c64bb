"""The documentation says what the code does."""

import pytest

from core.settings import Settings
from tests.fixtures.databases import ROOT


def settings_table() -> str:
    """The settings as the README shows them."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default if name != "home" else "~/.lamina"
        shown = "" if default in (None, "", {}, []) else f"`{default}`"
        rows.append(f"| `LAMINA_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def test_the_readme_lists_every_setting() -> None:
    readme = (ROOT / "README.md").read_text()
    shown = readme.split("<!-- settings -->")[1].split("<!-- /settings -->")[0].strip()
    assert shown == settings_table(), f"put this into README.md:\n{settings_table()}"


@pytest.mark.parametrize(
    "name",
    ["README.md", "CONTRIBUTING.md", "docs/tour.md", "docs/operations.md", "docs/reliability.md"],
)
def test_linked_files_exist(name: str) -> None:
    text = (ROOT / name).read_text()
    for part in text.split("](")[1:]:
        target = part.split(")")[0].partition("#")[0]
        if target and not target.startswith(("http", "/")):
            assert ((ROOT / name).parent / target).exists(), target
