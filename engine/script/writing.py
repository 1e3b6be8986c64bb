"""A whole script: its heading, its constants, the functions it needs, and what calls them."""

from collections.abc import Iterable
from typing import Any

from engine.dataset.reading import MISSING
from engine.encodings._base import _absent, as_text, missing, spell
from engine.script import running
from engine.script.readers import READERS, _dates
from engine.script.refusal import refused
from engine.script.rows import divide
from engine.script.subject import Subject
from engine.script.template import END, IMPORTS
from engine.script.tensors import encode
from engine.script.training import build, main
from engine.targets.number import Number

_HOLDS = """\
It reads the data as it was uploaded, encodes and divides it as the service does, makes the same
network and trains it: the same rows in the same order, with the same seed. It needs Keras with
TensorFlow, and NumPy{more}. What it cannot hold:

- What encodings learned of the training part (means, vocabularies) stands here as constants, as
  does what layers such as Normalization were adapted to: it is not learned anew from other data.
- Numbers agree up to the order of floating-point sums; on one CPU mostly to all digits."""


def write(subject: Subject, title: str) -> str:
    """The source of the script. Raises Fault("export-failed") with the reason for none."""
    if subject.form not in READERS:
        known = ", ".join(sorted(READERS))
        raise refused(f"its data is {subject.form}, and scripts read {known}")
    reader = READERS[subject.form]
    read = getattr(reader, f"read_{subject.form}")
    subject.need([_absent, missing, spell, as_text, *reader.NEEDS, read, running.complete])
    body = [_read(subject, reader.CALL)]
    body += [part(subject) for part in (divide, encode, build, main)]
    heading = [f'"""{title}', "", *_notes(subject), '"""', ""]
    parts = ["\n".join(heading), IMPORTS, _constants(subject)]
    return "\n".join([*parts, *subject.functions.values(), *body, END])


def _dated(subject: Subject) -> dict[str, str]:
    """The columns of dates that came as words, and how they are written."""
    columns = [subject.schema.column(name) for name in subject.columns]
    return {one.name: _dates.FORMS[one.written] for one in columns if one.written}


def _notes(subject: Subject) -> list[str]:
    """What the script holds, and what it cannot."""
    packages = [*READERS[subject.form].PACKAGES]
    if any(subject.schema.column(name).kind == "image" for name in subject.columns):
        packages = list(dict.fromkeys([*packages, "Pillow"]))
    found = [_HOLDS.format(more="".join(f", {name}" for name in packages))]
    return [*found, *(f"- {line}" for holds, line in _lacks(subject) if holds)]


def _lacks(subject: Subject) -> Iterable[tuple[Any, str]]:
    layers, targets = subject.stack["layers"], subject.encoder.targets.values()
    ways = [one.way for one in targets]
    scaled = any(isinstance(way, Number) and way.scale != "none" for way in ways)
    ends = [name for name in ("until", "max_seconds", "stop_on") if subject.fit.get(name)]
    started = subject.request.get("init_from") or any(line.get("weights") for line in layers)
    yield (
        subject.form in ("csv", "excel", "image_folder"),
        "Tables must be UTF-8, their numbers plain (1234.5); other spellings are not read.",
    )
    yield (
        subject.form == "text_folder",
        "Texts must be in UTF-8, in UTF-16 with its mark, or in Windows-1252.",
    )
    yield True, "A file that was packed, as .gz or .zst, must be unpacked first."
    yield started, "First weights that came from other models or files: all layers start anew."
    yield scaled, "Metrics are those of the scaled target, not in the units of the data."
    names = {one["class_name"] for one in subject.request.get("callbacks") or []}
    yield "ModelCheckpoint" in names, "Of the checkpoints kept, the best epoch's alone."
    yield ends, f"The ends that fit.{', fit.'.join(ends)} set."
    yield (
        subject.fit.get("deterministic"),
        "Determinism is asked of TensorFlow; other devices and versions give other bits.",
    )


def _constants(subject: Subject) -> str:
    places = {name: place for place, name in enumerate(subject.schema.names)}
    kinds = {name: subject.schema.column(name).kind for name in subject.columns}
    wanted = {name: (places[name], kind) for name, kind in kinds.items()}
    absent = (
        f"ABSENT = set({sorted(MISSING)!r})\n" if "ABSENT" in READERS[subject.form].CALL else ""
    )
    return (
        f"SEED = {subject.seed}\n"
        f"EPOCHS = {int(subject.fit['epochs'])}\n"
        f"BATCH = {int(subject.fit['batch_size'])}\n"
        f"COLUMNS = {wanted!r}\n"
        f"{absent}\n"
    )


def _read(subject: Subject, call: str) -> str:
    """The function that reads the file; dates that came as words become dates."""
    lines = [f"return {call}"]
    if dates := _dated(subject):
        subject.need(_dates.NEEDS)
        lines = [
            f"columns = {call}",
            f"for name, form in {dates!r}.items():",
            "    columns[name] = dates_of(columns[name], form)",
            "return columns",
        ]
    return (
        "def read(path):\n"
        '    """The columns of the file that was uploaded, as NumPy arrays by name."""\n'
        + "".join(f"    {line}\n" for line in lines)
        + "\n"
    )
