"""The dataset formats: one file each, found by folder; and which one a file is of."""

from pathlib import Path, PurePosixPath

from engine.dataset.limits import refusal
from engine.formats._base import Format
from lamina.discovery import discover

FORMATS = discover("engine.formats", Format)  # type: ignore[type-abstract]

_ORDER = ("npz", "image_folder", "text_folder", "json_rows", "csv")
_HEAD = 4096


def recognise(path: Path, filename: str | None) -> type[Format]:
    """The format of a file, decided by its content; the file name must not promise another.

    Raises Fault("invalid-dataset").
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise refusal("empty", "The file is empty.")
    ranked = [name for name in _ORDER if name in FORMATS]
    ranked = [name for name in FORMATS if name not in ranked] + ranked
    for name in ranked:
        if FORMATS[name].recognises(path, head):
            _agree(FORMATS[name], filename)
            return FORMATS[name]
    raise refusal(
        "unknown-format",
        f"The file begins with {head[:8]!r} and is of no known format;"
        f" known are {', '.join(sorted(FORMATS))}.",
    )


def _agree(found: type[Format], filename: str | None) -> None:
    suffix = PurePosixPath(filename or "").suffix.lower()
    promised = [format.name for format in FORMATS.values() if suffix in format.extensions]
    if promised and found.name not in promised:
        raise refusal(
            "unknown-format",
            f"The file is named *{suffix} ({', '.join(promised)}), but its content is"
            f" {found.name}. Give it the right name.",
        )
