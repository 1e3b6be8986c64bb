"""Notes on layers for people new to deep learning: one TOML file each, in plain words.

A file holds `layer` (the class as stacks write it), `purpose`, `use_when`, `watch_out`,
`pairs_with` (other layers) and `architectures`; all are needed. A new note is a new file.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

HOME = Path(__file__).parent
ARCHITECTURES = frozenset({"autoencoder", "cnn", "mlp", "rnn", "transformer"})
"""The architectures that a note may name."""


@dataclass(frozen=True)
class Note:
    """What a layer is for, when to use it, what goes wrong with it, and what goes with it."""

    layer: str
    purpose: str
    use_when: str
    watch_out: str
    pairs_with: tuple[str, ...]
    architectures: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The members that a catalogue entry takes over."""
        found = asdict(self)
        del found["layer"]
        return {key: list(value) if type(value) is tuple else value for key, value in found.items()}


_LISTS = ("pairs_with", "architectures")


def read_note(path: Path) -> Note:
    """Read one file. Raises ValueError, naming the file, when anything is missing or odd."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    names = {field.name for field in fields(Note)}
    if set(document) != names:
        odd = ", ".join(sorted(set(document) ^ names))
        raise ValueError(f"{path.name}: missing or unknown: {odd}")
    values = {key: _value(path, key, value) for key, value in document.items()}
    if not set(values["architectures"]) <= ARCHITECTURES:
        known = ", ".join(sorted(ARCHITECTURES))
        raise ValueError(f"{path.name}: architectures must be of {known}")
    return Note(**values)


def _value(path: Path, key: str, value: Any) -> Any:
    """A text as one line, a list as a tuple of texts."""
    if key in _LISTS:
        texts = isinstance(value, list) and all(isinstance(each, str) and each for each in value)
        if not texts or not value or len(set(value)) != len(value):
            raise ValueError(f"{path.name}: {key} must list different texts")
        return tuple(value)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{path.name}: {key} must be a text")
    return " ".join(value.split())


def read_notes(folder: Path) -> Mapping[str, Note]:
    """All notes of a folder by layer. Raises ValueError when one is malformed or there twice."""
    found: dict[str, Note] = {}
    for path in sorted(folder.glob("*.toml")):
        note = read_note(path)
        if note.layer in found:
            raise ValueError(f"{path.name}: there is another note on {note.layer}")
        found[note.layer] = note
    return MappingProxyType(found)


@cache
def notes() -> Mapping[str, Note]:
    """The notes that come with the engine, by layer as stacks write it (`Input`, `Dense`, …)."""
    return read_notes(HOME)
