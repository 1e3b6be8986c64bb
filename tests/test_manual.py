"""The site of the documentation: links are followed, nothing is fetched from elsewhere."""

from pathlib import Path

import pytest

from manual.__main__ import fetched
from manual.gathering import linked
from tests.fixtures.databases import ROOT

PAGES = sorted((ROOT / "docs").rglob("*.md"))


def test_links_lead_to_where_the_site_has_the_page(tmp_path: Path) -> None:
    root, to = tmp_path / "tree", tmp_path / "site"
    (root / "docs" / "howto").mkdir(parents=True)
    for name in ("README.md", "one.json", "docs/howto/a.md"):
        (root / name).write_text("x")
    places = {"README.md": "overview.md", "docs/howto/a.md": "howto/a.md"}
    text = (
        "[r](../../README.md#end) [f](../../one.json) [g](../reference/advice.md)"
        " [w](https://x.org)"
    )
    assert linked(text, root, "docs/howto/a.md", places, to) == (
        "[r](../overview.md#end) [f](../files/one.json) [g](../reference/advice.md)"
        " [w](https://x.org)"
    )
    assert (to / "files" / "one.json").exists()
    with pytest.raises(FileNotFoundError, match=r"links to gone\.md"):
        linked("[x](gone.md)", root, "docs/howto/a.md", places, to)


def test_every_page_is_in_the_list() -> None:
    """As the site demands; this tells sooner."""
    listed = set((ROOT / "docs" / "index.md").read_text().splitlines())
    made = {f"reference/{path.stem}" for path in (ROOT / "manual/references").glob("[!_]*.py")}
    pages = {str(path.relative_to(ROOT / "docs").with_suffix("")) for path in PAGES}
    elsewhere = {"index", "layers", "encodings", "exports"}
    assert {page for page in (pages | made) - listed if not page.startswith("decisions/")} == (
        elsewhere
    )


def test_what_comes_from_elsewhere_is_found(tmp_path: Path) -> None:
    good = '<a href="https://x.org"><script src="_static/a.js"></script><img src="a.png">'
    (tmp_path / "good.html").write_text(good)
    assert list(fetched(tmp_path)) == []
    (tmp_path / "bad.html").write_text('<link rel="stylesheet" href="//fonts.org/x"><p>')
    (tmp_path / "bad.css").write_text("@import 'https://fonts.org/y'; p { color: red }")
    assert len(list(fetched(tmp_path))) == 2
