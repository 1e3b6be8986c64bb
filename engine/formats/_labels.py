"""A table beside images in an archive: which row belongs to which image, and what else it says."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from engine.dataset.content import Content
from engine.dataset.limits import Limits, refusal
from engine.formats._archive import Member
from engine.formats.csv import Csv

if TYPE_CHECKING:
    import polars as pl

Spell = Callable[[Member], str]
"""How a table may name an image."""
_SPARE = "image_1"
TABLES = frozenset({".csv", ".tsv"})
_MOST_BYTES = 1 << 28


class Labels:
    """The rows of a labels table, in the order of the images that they name."""

    def __init__(self, member: Member, limits: Limits, scratch: Path) -> None:
        import polars as pl

        if member.size > _MOST_BYTES:
            raise refusal("too-large", f"{member.shown} has more than {_MOST_BYTES:,} bytes.")
        copy = scratch / "labels.tmp"
        copy.write_bytes(member.read())
        self._content: Content = Csv.read(copy, limits, scratch, lambda _done, _total: None)
        copy.unlink()
        laid_down = scratch / "table.tmp"
        self._table = pl.read_parquet(laid_down)
        laid_down.unlink()
        self._member = member
        self.notes, self.written = self._content.notes, self._content.written

    def joined(self, images: list[Member]) -> tuple[list[Member], "pl.DataFrame"]:
        """The images that have a row, and their rows without the column of file names.

        Raises Fault when no column names the images, or a row names one twice.
        """
        import polars as pl
        import polars.selectors as cs

        name, spell = self._column(images)
        rows: dict[str, int] = {}
        for row, word in enumerate(self._table[name].alias("value").cast(pl.String).to_list()):
            if word is not None and rows.setdefault(_plain(word), row) != row:
                detail = f"{self._member.shown} names {word[:200]!r} twice."
                raise refusal("unreadable", detail)
        kept = [image for image in images if spell(image) in rows]
        self._tell(len(images) - len(kept), self._table.height - len(kept))
        table = self._table.drop(cs.by_name(name))[[rows[spell(image)] for image in kept]]
        if "image" in table.columns:
            table = table.rename({"image": _SPARE})
            self.written = {
                _SPARE if own == "image" else own: how for own, how in self.written.items()
            }
        return kept, table

    def _tell(self, images: int, rows: int) -> None:
        if images:
            self.notes.append(f"{images} images without a row in the table were skipped.")
        if rows:
            self.notes.append(f"{rows} rows of the table that name no image were skipped.")

    def _column(self, images: list[Member]) -> tuple[str, Spell]:
        """The column that names most images, and how it does so."""
        folder = self._member.path.parent
        paths: list[Spell] = [
            lambda image: str(image.path),
            lambda image: _relative(image.path, folder),
            lambda image: image.path.name,
        ]
        best = self._best(images, paths) or self._best(images, [lambda image: image.path.stem])
        if best is None:
            detail = f"No column of {self._member.shown} holds the names of the images."
            raise refusal("unreadable", f"{detail} One is needed, with names such as 1.png.")
        return best

    def _best(self, images: list[Member], spellings: list[Spell]) -> tuple[str, Spell] | None:
        import polars as pl

        most, best = 0, None
        for name in self._table.columns:
            words = self._table[name].alias("value").cast(pl.String).drop_nulls().to_list()
            present = {_plain(word) for word in words}
            for spell in spellings:
                count = sum(spell(image) in present for image in images)
                if count > most:
                    most, best = count, (name, spell)
        return best


def _plain(word: str) -> str:
    return word.replace("\\", "/").removeprefix("./")


def _relative(path: PurePosixPath, folder: PurePosixPath) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
