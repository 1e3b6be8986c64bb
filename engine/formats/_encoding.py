"""Text files of any encoding as UTF-8: found by what they hold, and told what was mended."""

import codecs
from dataclasses import dataclass, field
from pathlib import Path

from engine.dataset.limits import Limits, refusal
from engine.formats._base import Report

_CHUNK = 1 << 20
_MARKS = (
    # UTF-32 first: its mark begins like that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = (("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1))
_MOST_FOREIGN = 0.3
"""Above this share of bytes beyond ASCII, text is not of a Western European code page."""
_MOST_BROKEN = 0.05
_ASCII = bytes(range(128))
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})


@dataclass
class Text:
    """A text file in UTF-8, and what clients should know of how it came to be."""

    path: Path
    notes: list[str] = field(default_factory=list)


def wide(head: bytes) -> str | None:
    """The encoding of text of two or four bytes a letter, by its mark or by where its zeros lie."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return None if name == "utf-8-sig" else name
    head = head[: len(head) // 4 * 4]
    for name, width, place in _WIDE:
        others = [head[index::width].count(0) for index in range(width) if index != place]
        sparse = all(count > 0.7 * len(head) / width for count in others)
        if head and head[place::width].count(0) == 0 and sparse:
            return name
    return None


def is_text(head: bytes) -> bool:
    """Whether a file that begins like this may be text."""
    if wide(head):
        return True
    return b"\0" not in head and len(head.translate(None, _CONTROLS)) >= 0.95 * len(head)


def as_utf8(path: Path, limits: Limits, scratch: Path, report: Report) -> Text:
    """The text in UTF-8: the file itself when it is that already, else a copy in `scratch`.

    Raises Fault for what is no text, has endless lines or leaves a quote open.
    """
    with path.open("rb") as file:
        found = wide(file.read(4096))
    if found:
        text = _copied(path, found, limits, scratch)
        text.notes.insert(0, f"The file is {found[:6].upper()} text.")
    elif _inspect(path, limits, report):
        return Text(path)
    else:
        text = _mended(path, limits, scratch)
    _inspect(text.path, limits, report)
    return text


def _mended(path: Path, limits: Limits, scratch: Path) -> Text:
    """UTF-8 with some bytes broken, or text of a Western European code page."""
    broken, letters, foreign = 0, 0, 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            foreign += len(chunk.translate(None, _ASCII))
            words = decoder.decode(chunk)
            marks = words.count("\ufffd")
            broken += marks
            letters += len(words) - len(words.encode("ascii", "ignore")) - marks
    if broken <= letters:
        return _copied(path, "utf-8", limits, scratch)
    if foreign > _MOST_FOREIGN * path.stat().st_size:
        raise refusal("unreadable", "The file is not UTF-8 text. Save it as UTF-8.")
    text = _copied(path, "cp1252", limits, scratch)
    text.notes.insert(0, "The file is not UTF-8; it was read as Windows-1252 (Western European).")
    return text


def _copied(path: Path, encoding: str, limits: Limits, scratch: Path) -> Text:
    copy = scratch / "text.tmp"
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    broken = written = 0
    with path.open("rb") as file, copy.open("wb") as out:
        try:
            chunk = b" "
            while chunk:
                chunk = file.read(_CHUNK)
                words = decoder.decode(chunk, final=not chunk)
                broken += words.count("\ufffd")
                written += out.write(words.encode("utf-8", "replace"))
                limits.check("expanded_bytes", written, "Bytes of the file as UTF-8")
        except UnicodeError as error:
            raise refusal("unreadable", f"The text cannot be read: {error}.") from None
    if broken > max(10, _MOST_BROKEN * written):
        raise refusal("unreadable", "The file is not UTF-8 text. Save it as UTF-8.")
    sentence = f"{broken:,} broken characters were replaced by \ufffd."
    return Text(copy, [sentence] if broken else [])


def _inspect(path: Path, limits: Limits, report: Report) -> bool:
    """Whether it is UTF-8. Refuses endless lines, NUL characters and an open quote, unparsed."""
    total, done, line, quotes, sound = path.stat().st_size, 0, 0, 0, True
    longest = max(1 << 20, min(limits.columns, 1000) * limits.cell_bytes)
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"\0" in chunk:
                raise refusal("unreadable", "The text holds NUL characters; it is no table.")
            last = chunk.rfind(b"\n")
            line = line + len(chunk) if last < 0 else len(chunk) - last
            if line > longest:
                raise refusal("too-large", f"A line is longer than {longest:,} bytes.")
            done += len(chunk)
            quotes += chunk.count(b'"')
            sound = sound and _decodes(decoder, chunk, final=done >= total)
            report(done, 2 * total)
    if quotes % 2:
        raise refusal(
            "unreadable",
            'A double quote is not closed. Within quotes write a literal quote twice ("").',
        )
    return sound


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> bool:
    try:
        if not chunk.isascii() or decoder.getstate()[0]:
            decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def decoded(data: bytes) -> tuple[str, int] | None:
    """A short text of any encoding, and how many characters of it are broken; None for no text."""
    found = wide(data[:4096])
    try:
        text = data.decode(found or "utf-8-sig", "replace")
    except UnicodeError:
        return None
    broken = text.count("\ufffd")
    foreign = len(data.translate(None, _ASCII))
    if not found and broken > len(text) - len(text.encode("ascii", "ignore")) - broken:
        if foreign > _MOST_FOREIGN * len(data):
            return None
        text = data.decode("cp1252", "replace")
        broken = text.count("\ufffd")
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return None if "\0" in sound or broken > max(10, _MOST_BROKEN * len(text)) else (sound, broken)
