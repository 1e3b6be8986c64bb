"""What a model is asked: raw records as JSON, an array as NPY, images as they are."""

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from .arrays import is_array
from .call import Body, Call
from .errors import BadSource
from .records import records_of

_NPY = "application/x-npy"
_MAGIC = b"\x93NUMPY"


def question(path: str, given: Any) -> Call:
    """The request that asks the model at `path`.

    An array of numbers goes as a file of NumPy, so does such a file; bytes and paths are images,
    several in a list; all else is records, as `records_of` takes them. Raises BadSource.
    """
    body = _body(given)
    if body is None:
        return Call("POST", path, json={"records": records_of(given)})
    return Call("POST", path, body=body)


def _body(given: Any) -> Body | None:
    if is_array(given) and not hasattr(given, "columns"):  # frames name theirs
        return _array(given)
    if isinstance(given, bytes | str | os.PathLike):
        return _single(_content(given))
    if isinstance(given, Sequence) and given and all(map(_is_file, given)):
        return _form([_content(one) for one in given])
    return None


def _is_file(given: Any) -> bool:
    return isinstance(given, bytes | str | os.PathLike)


def _content(given: Any) -> bytes:
    if isinstance(given, bytes):
        return given
    path = Path(given).expanduser()
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadSource(f"cannot read {str(path)!r}: {error.strerror}") from error


def _array(given: Any) -> Body | None:
    """The array as NPY; None where it holds no numbers, which records can say."""
    import numpy as np

    array = np.asarray(given)
    if array.dtype.kind not in "biuf":
        return None
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return _bytes(file.getvalue(), _NPY)


def _single(content: bytes) -> Body:
    """One file: the service tells images by their content."""
    is_npy = content.startswith(_MAGIC)
    return _bytes(content, _NPY if is_npy else "application/octet-stream")


def _form(files: list[bytes]) -> Body:
    """A form with a part `file` for each (RFC 7578)."""
    boundary = uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="image"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    parts = b"".join(head + file + b"\r\n" for file in files)
    return _bytes(
        parts + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
    )


def _bytes(content: bytes, media_type: str) -> Body:
    return Body(lambda start: iter([content[start:]]), len(content), "question", media_type)
