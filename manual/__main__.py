"""`python -m manual`: gather all pages in build/manual, and make the site of them in site/."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from manual.gathering import gather

_ROOT = Path(__file__).parents[1]
_FETCHED = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?(?:https?:)?//[^>]*"""
    r"""|<link\b[^>]*\brel=["']?(?:stylesheet|preload|preconnect)[^>]*\bhref=["']?(?:https?:)?//[^>]*"""
    r"""|(?:url\(|@import )\s*["']?(?:https?:)?//[^)\s]*"""
)


def main() -> int:
    """The exit status; a warning of Sphinx, such as a link that leads nowhere, is an error.

    So is a script, a style or a font that a page would fetch from elsewhere.
    """
    from sphinx.cmd.build import build_main

    pages = _ROOT / "build" / "manual"
    gather(_ROOT, pages)
    doctrees = _ROOT / "build" / "doctrees"
    configuration = ["-c", str(_ROOT / "manual")]
    strict = ["--fail-on-warning", "--keep-going", "--quiet", "--fresh-env", "--write-all"]
    site = _ROOT / "site"
    status = build_main([*strict, *configuration, "-d", str(doctrees), str(pages), str(site)])
    for found in fetched(site):
        sys.stderr.write(f"fetched from elsewhere: {found}\n")
        status = 1
    return status


def fetched(site: Path) -> Iterator[str]:
    """What pages and styles would load from other hosts."""
    for path in sorted([*site.rglob("*.html"), *site.rglob("*.css")]):
        for match in _FETCHED.finditer(path.read_text()):
            yield f"{path.relative_to(site)}: {match[0][:120]}"


if __name__ == "__main__":
    sys.exit(main())
