"""Archives of many files, ZIP and TAR alike: their files by name, checked, read one at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from engine.dataset.limits import Limits
from engine.faults import Fault
from engine.formats import _tar, _zip

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"})
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"BM", b"GIF8")
_LOOKED_INTO = 8
_SMALL = 1 << 24
_SYSTEM = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Member:
    """A file of an archive: its path with slashes, its size as stated, and how to read it."""

    path: PurePosixPath
    size: int
    read: Callable[[], bytes]

    @property
    def shown(self) -> str:
        """The path as it stands in messages."""
        return repr(str(self.path)[:200])

    @property
    def hidden(self) -> bool:
        """Whether an operating system, not a person, has put it there."""
        return self.path.name.lower() in _SYSTEM or any(
            part.startswith(".") or part == "__MACOSX" for part in self.path.parts
        )


def is_archive(head: bytes) -> bool:
    """Whether a file that begins like this is an archive of files."""
    return _zip.is_zip(head) or _tar.is_tar(head)


@contextmanager
def members(path: Path, limits: Limits) -> Iterator[list[Member]]:
    """The files of an archive in the order of their names, as long as the context lasts.

    Raises Fault for what is damaged, forged or too large.
    """
    with _walk(path, limits) as found:
        yield sorted(found, key=lambda member: str(member.path))


@contextmanager
def _walk(path: Path, limits: Limits) -> Iterator[Iterator[Member]]:
    with path.open("rb") as file:
        head = file.read(4096)
    if _zip.is_zip(head):
        with _zip.opened(path) as archive:
            yield (
                Member(_path(entry.filename), entry.file_size, partial(archive.read, entry))
                for entry in _zip.members(archive, limits)
            )
        return
    with _tar.opened(path) as tape:
        yield (
            Member(_path(entry.name), entry.size, partial(_tar.content, tape, entry))
            for entry in _tar.members(tape, limits)
        )


def _path(name: str) -> PurePosixPath:
    return PurePosixPath(name.replace("\\", "/"))


def holds_pictures(path: Path) -> bool:
    """Whether an archive holds images, by the names and beginnings of its files.

    It may be cut off: what can be read decides. An archive that tells nothing counts as one of
    images.
    """
    seen = [member for member in _glance(path) if not member[0].hidden]
    if any(member.path.suffix.lower() in PICTURES for member, _ in seen):
        return True
    if any(data.startswith(_MAGIC) for _, data in seen):
        return True
    return not any(data for _, data in seen)


def _glance(path: Path) -> list[tuple[Member, bytes]]:
    """The files that can be read, and the beginnings of the first of them."""
    seen: list[tuple[Member, bytes]] = []
    try:
        with _walk(path, Limits()) as found:
            for member in found:
                wanted = len(seen) < _LOOKED_INTO and member.size < _SMALL
                seen.append((member, member.read()[:16] if wanted else b""))
    except Fault:
        pass  # What was seen until here decides.
    return seen
