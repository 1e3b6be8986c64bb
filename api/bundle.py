"""The dashboard's built files, read once: `make setup` bundles them from api/dashboard/source."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.refusal import Refusal

FOLDER = Path(__file__).parent / "dashboard" / "built"
_MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_ABSENT = (
    "The dashboard is not built here: `make setup` in the checkout does it, and images bring it "
    "along. The interface works without; /docs describes it."
)


@dataclass(frozen=True)
class BuiltFile:
    """One file as it is sent: plain or compressed."""

    content: bytes
    compressed: bytes
    media: str
    digest: str


@cache
def built(folder: Path = FOLDER) -> dict[str, BuiltFile]:
    """All files by their path. Raises Refusal (503) when nothing was built."""
    if not (folder / "index.html").is_file():
        raise Refusal("unavailable", _ABSENT)
    found = (path for path in folder.rglob("*") if path.suffix in _MEDIA)
    return {path.relative_to(folder).as_posix(): _read(path) for path in found}


def _read(path: Path) -> BuiltFile:
    content = path.read_bytes()
    compressed = gzip.compress(content, mtime=0)
    digest = hashlib.sha256(content).hexdigest()[:24]
    return BuiltFile(content, compressed, _MEDIA[path.suffix], digest)
