"""The documentation says what the code does."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from core.settings import Settings
from tests.fixtures.databases import ROOT
from tests.fixtures.service import Service


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
    [
        "README.md",
        "CONTRIBUTING.md",
        "docs/tour.md",
        "docs/operations.md",
        "docs/reliability.md",
        "docs/client.md",
    ],
)
def test_linked_files_exist(name: str) -> None:
    text = (ROOT / name).read_text()
    for part in text.split("](")[1:]:
        target = part.split(")")[0].partition("#")[0]
        if target and not target.startswith(("http", "/")):
            assert ((ROOT / name).parent / target).exists(), target


def test_the_page_of_the_client_runs(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAMINA_URL", service.url)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "client.md").read_text()
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(compile(block, "docs/client.md", "exec"), names)
    assert names["answer"].predictions[0]["label"] in {"Adelie", "Chinstrap", "Gentoo"}
    assert (tmp_path / "penguins.keras").stat().st_size > 0
    assert "memory_bytes" in names["usage"].data
    for name in ("plan", "curves", "usage", "job", "model", "dataset"):
        assert len(list(ElementTree.fromstring(names[name]._repr_html_()).iter())) > 5, name
    names["client"].close()
