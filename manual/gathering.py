"""Gathering the pages of the site: written ones from all over the tree, made ones from the code."""

import re
import shutil
from os.path import relpath
from pathlib import Path

from lamina.discovery import modules

_LINK = re.compile(r"(?<!`)(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_ELSEWHERE = ("http:", "https:", "/", "#")
_PLACES = {
    "README.md": "overview.md",
    "SECURITY.md": "security.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "examples/README.md": "examples.md",
    "benchmarks/README.md": "benchmarks.md",
    "docs/layers.md": "reference/layers.md",
    "docs/encodings.md": "reference/encodings.md",
    "docs/exports.md": "reference/exports.md",
}
"""Pages that stand elsewhere in the site than below docs/."""


def gather(root: Path, to: Path) -> None:
    """Write every page below `to`, with its links as the site has them.

    A link to a file that is no page leads to a copy of it. Raises FileNotFoundError for a link
    that leads nowhere.
    """
    shutil.rmtree(to, ignore_errors=True)
    places = _places(root)
    for source, place in places.items():
        page = to / place
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(linked((root / source).read_text(), root, source, places, to))
    for name, module in modules("manual.references").items():
        page = to / "reference" / f"{name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(module.page(to / "assets"))
    (to / "assets").mkdir(exist_ok=True)


def _places(root: Path) -> dict[str, str]:
    """Where each written page stands in the site, by where it stands in the tree."""
    below = [str(path.relative_to(root)) for path in sorted((root / "docs").rglob("*.md"))]
    return {path: path.removeprefix("docs/") for path in below} | _PLACES


def _made() -> set[str]:
    """Pages that are made from the code, as links name them."""
    files = (Path(__file__).parent / "references").glob("[!_]*.py")
    return {f"docs/reference/{file.stem}.md" for file in files}


def linked(text: str, root: Path, source: str, places: dict[str, str], to: Path) -> str:
    """The text of a page with its links as the site has them; copies files that are no pages."""
    here = (root / source).parent

    def rewritten(match: re.Match[str]) -> str:
        image, shown, target = match.groups()
        path, sharp, anchor = target.partition("#")
        if target.startswith(_ELSEWHERE):
            return match[0]
        file = (here / path).resolve()
        if str(file.relative_to(root.resolve())) in _made():
            return match[0]
        if not file.exists():
            raise FileNotFoundError(f"{source} links to {target}")
        known = str(file.relative_to(root.resolve()))
        if file.is_dir():
            return shown
        if known not in places:
            copy = to / ("files" if not image else "images") / file.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
            found = str(copy.relative_to(to))
        else:
            found = places[known]
        led = relpath(to / found, (to / places[source]).parent)
        return f"{image}[{shown}]({led}{sharp}{anchor})"

    return _LINK.sub(rewritten, text)
