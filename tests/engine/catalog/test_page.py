"""The page of encodings tells what the catalogue tells."""

from engine.catalog.page import page
from engine.encodings import ENCODINGS
from engine.targets import WAYS
from tests.fixtures.databases import ROOT


def test_the_page_is_as_made() -> None:
    """`make encodings` writes it anew."""
    assert (ROOT / "docs/encodings.md").read_text(encoding="utf-8") == page()


def test_the_page_has_every_argument() -> None:
    text = page()
    for cls in (*ENCODINGS.values(), *WAYS.values()):
        assert f"\n### {cls.name}\n" in text
        for argument in cls.model_fields:
            assert f"\n| `{argument}` |" in text
