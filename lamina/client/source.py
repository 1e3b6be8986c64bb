"""What a user calls data, as bytes to upload: a path, a folder, bytes, rows, a frame, arrays."""

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from .arrays import is_array, write_arrays
from .call import Body, plain
from .errors import BadSource
from .folder import write_folder

CHUNK = 1 << 18
"""Bytes read at a time: small enough for a smooth progress bar."""


def body_of(source: Any, y: Any = None) -> Body:
    """The bytes of any data that the client understands; with `y`, arrays `x` and `y`.

    Understood: the path of a file; the path of a folder that holds one folder of files per
    class; bytes; a list of records; a dict of equally long columns; a frame of polars or pandas;
    a numpy-like array or a dict of them. Raises BadSource.
    """
    if y is not None:
        return _arrays({**_named("x", source), **_named("y", y)})
    for fits, read in _READERS:
        if fits(source):
            return read(source)
    raise BadSource(
        f"cannot upload a {type(source).__name__}; give a path, bytes, a list of records, "
        "a data frame or arrays"
    )


def is_url(source: Any) -> bool:
    """Whether this is where the service shall fetch data itself."""
    return isinstance(source, str) and re.match(r"(https?|s3)://", source, re.I) is not None


def is_version(source: str) -> bool:
    """Whether this names a dataset of the service, as `name@2` or `name@latest`; no file is so."""
    return re.search(r"@([0-9]+|latest)$", source) is not None and not Path(source).exists()


def _path(source: str | os.PathLike[str]) -> Body:
    path = Path(source).expanduser()
    if path.is_dir():
        name = path.resolve().name
        return _written(f"{name}.zip", lambda file: write_folder(path, file), "application/zip")
    if not path.is_file():
        raise BadSource(f"there is no file or folder {str(source)!r}")

    def chunks(start: int) -> Iterator[bytes]:
        with path.open("rb") as file:
            file.seek(start)
            while chunk := file.read(CHUNK):
                yield chunk

    return Body(chunks, path.stat().st_size, path.name)


def _bytes(source: bytes | bytearray | memoryview) -> Body:
    content = bytes(source)

    def chunks(start: int) -> Iterator[bytes]:
        for at in range(start, len(content), CHUNK):
            yield content[at : at + CHUNK]

    return Body(chunks, len(content), "data")


def _polars(frame: Any) -> Body:
    return _written("frame.parquet", frame.write_parquet)


def _pandas(frame: Any) -> Body:
    try:
        return _written("frame.parquet", lambda file: frame.to_parquet(file, index=False))
    except ImportError:  # pandas writes Parquet only where pyarrow or fastparquet is installed
        return _written("frame.csv", lambda file: frame.to_csv(file, index=False))


def _rows(source: Sequence[Mapping[str, Any]]) -> Body:
    try:
        lines = [json.dumps(dict(row), allow_nan=False, default=plain) + "\n" for row in source]
    except (TypeError, ValueError) as error:
        raise BadSource(f"the records cannot be written as JSON: {error}") from error
    content = "".join(lines).encode()
    return replace(_bytes(content), filename="rows.ndjson", media_type="application/x-ndjson")


def _columns(source: Mapping[str, Any]) -> Body:
    columns = {name: list(values) for name, values in source.items()}
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise BadSource(f"the columns differ in length: {lengths}")
    names = list(columns)
    return _rows(
        [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    )


def _arrays(source: Mapping[str, Any]) -> Body:
    return _written("arrays.npz", lambda file: write_arrays(source, file))


def _named(name: str, given: Any) -> dict[str, Any]:
    return dict(given) if isinstance(given, Mapping) else {name: given}


def _written(filename: str, write: Callable[[Any], Any], media: str | None = None) -> Body:
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by whoever uploads)
    try:
        write(file)
        length = file.seek(0, os.SEEK_END)
    except BaseException:
        file.close()
        raise

    def chunks(start: int) -> Iterator[bytes]:
        file.seek(start)
        while chunk := file.read(CHUNK):
            yield chunk

    return Body(chunks, length, filename, media or "application/octet-stream", file.close)


def _is_rows(source: Any) -> bool:
    return isinstance(source, list | tuple) and all(isinstance(row, Mapping) for row in source)


def _is_arrays(source: Any) -> bool:
    return isinstance(source, Mapping) and any(is_array(value) for value in source.values())


_READERS: tuple[tuple[Callable[[Any], bool], Callable[[Any], Body]], ...] = (
    (lambda source: isinstance(source, str | os.PathLike), _path),
    (lambda source: isinstance(source, bytes | bytearray | memoryview), _bytes),
    (lambda source: hasattr(source, "write_parquet"), _polars),
    (lambda source: hasattr(source, "to_parquet"), _pandas),
    (_is_arrays, _arrays),
    (lambda source: isinstance(source, Mapping), _columns),
    (is_array, lambda source: _arrays({"x": source})),
    (_is_rows, _rows),
)
