"""Object storage: a folder or a bucket, spoken to through obstore."""

import contextlib
import errno
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, from_url

from lamina.fullness import is_full

_CHUNK = 4 * 2**20
# Parts of 5 MiB that may be in memory at once while a file is put; the default is 12.
_PARTS = 4


class Storage:
    """Keys are slash-separated names; an object, once put, is never written again.

    What `put` has returned for survives a crash of the host: an object in a folder is staged,
    renamed and synced, a bucket does the like on its side.
    """

    def __init__(self, url: str, options: dict[str, str] | None = None) -> None:
        self._folder: Path | None = None
        if url.startswith("file://"):
            self._folder = Path(url.removeprefix("file://"))
            self._folder.mkdir(parents=True, exist_ok=True)
            self._store: Any = LocalStore(self._folder)
        else:
            given = options or {}
            plain = given.get("endpoint", "").startswith("http://")
            self._store = from_url(url, config=given, client_options={"allow_http": plain})

    @property
    def is_local(self) -> bool:
        """Whether `fetch` costs next to nothing."""
        return self._folder is not None

    def put(self, key: str, content: Path | bytes) -> None:
        """Store a file or bytes under a key; durable when it returns.

        Raises OSError (ENOSPC), and leaves nothing, where the storage is full.
        """
        try:
            obstore.put(self._store, key, content, max_concurrency=_PARTS)
        except BaseError as error:
            if is_full(error):
                raise OSError(errno.ENOSPC, "the object storage is full", key) from None
            raise
        if self._folder is not None:
            _sync(self._folder / key)
            _sync((self._folder / key).parent)

    def read(self, key: str) -> bytes:
        """The whole object. Raises FileNotFoundError."""
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except NotFoundError as error:
            raise FileNotFoundError(key) from error

    def size(self, key: str) -> int:
        """Bytes of the object. Raises FileNotFoundError."""
        try:
            return int(obstore.head(self._store, key)["size"])
        except NotFoundError as error:
            raise FileNotFoundError(key) from error

    def stream(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `end`, in chunks."""
        stop = self.size(key) if end is None else end
        for at in range(start, stop, _CHUNK):
            yield bytes(obstore.get_range(self._store, key, start=at, end=min(at + _CHUNK, stop)))

    def fetch(self, key: str, to: Path) -> None:
        """Bring the object to a local path; by a hard link where that is possible."""
        to.parent.mkdir(parents=True, exist_ok=True)
        if self._folder is not None:
            try:
                os.link(self._folder / key, to)
            except FileNotFoundError:
                raise
            except OSError:  # another file system: copy
                pass
            else:
                return
        staged = to.with_name(to.name + ".part")
        with staged.open("wb") as file:
            for chunk in self.stream(key):
                file.write(chunk)
        staged.rename(to)

    def delete(self, prefix: str) -> None:
        """Delete every object whose key stands below `prefix`; none is left when it returns."""
        while found := self._below(prefix):
            # A folder finds it wrong when another deletes the same meanwhile: look again.
            with contextlib.suppress(NotFoundError, FileNotFoundError):
                obstore.delete(self._store, found)
                return

    def _below(self, prefix: str) -> list[str]:
        pages = obstore.list(self._store, prefix=prefix)
        return [str(entry["path"]) for page in pages for entry in page]

    def discard(self, key: str) -> None:
        """Delete the object of this key, if there is one."""
        with contextlib.suppress(NotFoundError, FileNotFoundError):
            obstore.delete(self._store, key)

    def names(self, prefix: str) -> list[str]:
        """The names that stand right below `prefix` and have something below themselves."""
        found = obstore.list_with_delimiter(self._store, prefix or None)
        return [path.rpartition("/")[2] for path in found["common_prefixes"]]

    def newest(self, prefix: str) -> datetime | None:
        """When the youngest object below `prefix` was put; None where there is none."""
        pages = obstore.list(self._store, prefix=prefix)
        return max((entry["last_modified"] for page in pages for entry in page), default=None)

    def check(self) -> None:
        """Raise when the storage cannot be reached, or its folder is gone (FileNotFoundError)."""
        if self._folder is not None:  # of a folder that is not there, a list would be empty
            self._folder.stat()
        for _page in obstore.list(self._store, prefix="health", chunk_size=1):
            break


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
