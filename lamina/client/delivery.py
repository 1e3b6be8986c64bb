"""Delivering files: small ones in one request, large ones in pieces that survive a break.

Pieces follow the tus resumable upload protocol 1.0.0 (tus.io/protocols/resumable-upload): after a
broken connection, or a service that was restarted, the sending goes on where it got to.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel

from .call import Body, Call, Progress, creating
from .errors import Unreachable
from .exchange import exchange, fetch, once, read_problem
from .problems import OffsetMismatch, ProblemError, error_for
from .retry import Retry, is_temporary, read_retry_after
from .step import Steps, sleep, work

M = TypeVar("M", bound=BaseModel)

PIECES_FROM = 16 * 2**20
"""Bytes from which on a file is sent in pieces."""

PIECE = 64 * 2**20
_TUS = {"Tus-Resumable": "1.0.0"}
PATIENCE = 600.0
"""Seconds that the service may need to put pieces together, or to fetch a file."""

_STAMINA = 4
"""A piece is tried this many times as often as other requests: much has been sent already."""


def deliver(
    driver: Any,
    path: str,
    body: Body,
    names: Mapping[str, str | None],
    progress: Progress | None,
    shape: type[M],
) -> Steps[M]:
    """Send a file to `path`; what the service makes of it. `names`: its `name` and `filename`.

    The service holds what arrives against the file's SHA-256. Raises as `exchange` does.
    """
    digest = yield from work(lambda: _sha256(body))
    if body.length >= PIECES_FROM:
        upload = yield from _send_pieces(driver, body, names.get("filename"), progress)
        given = {"upload": upload, "digest": digest.hex(), **names}
        content = {name: value for name, value in given.items() if value is not None}
        call = Call("POST", path, json=content, patience=PATIENCE)
    else:
        field = {"Content-Digest": f"sha-256=:{base64.b64encode(digest).decode()}:"}
        call = Call("POST", path, names, field, body=body, progress=progress)
    return (yield from fetch(driver, creating(call), shape))


def _send_pieces(
    driver: Any, body: Body, filename: str | None, progress: Progress | None
) -> Steps[str]:
    """Send all bytes of a body; the id of the upload that holds them."""
    coded = base64.b64encode((filename or body.filename).encode()).decode()
    headers = {"Upload-Length": str(body.length), "Upload-Metadata": f"filename {coded}"}
    begun = Call("POST", "/v1/uploads", headers=_TUS | headers)
    path = (yield from exchange(driver, creating(begun))).headers["Location"]
    retry = Retry(retries=driver.retries * _STAMINA)
    offset, failures = 0, 0
    while offset < body.length:
        before = offset
        try:
            if failures:
                offset = yield from _ask_offset(driver, path)
            if offset < body.length:
                offset = yield from _send_piece(driver, path, body, offset, progress)
        except (Unreachable, ProblemError) as error:
            failures = 1 if offset > before else failures + 1
            after = error.retry_after if isinstance(error, ProblemError) else None
            seconds = retry.delay(failures, after) if _may_go_on(error) else None
            if seconds is None:
                raise
            yield from sleep(seconds)
        else:
            failures = 0
    return str(path.rpartition("/")[2])


def _send_piece(
    driver: Any, path: str, body: Body, offset: int, progress: Progress | None
) -> Steps[int]:
    """Send what follows; the offset after it. Raises Unreachable, ProblemError."""
    size = min(PIECE, body.length - offset)
    piece = replace(
        body,
        chunks=lambda start: _stretch(body, offset + start, size - start),
        length=size,
        media_type="application/offset+octet-stream",
    )

    def tell(sent: int, _size: int) -> None:
        if progress is not None:
            progress(offset + sent, body.length)

    headers = _TUS | {"Upload-Offset": str(offset)}
    call = Call("PATCH", path, headers=headers, body=piece, progress=tell, again=False)
    return (yield from _offset_after(driver, call))


def _ask_offset(driver: Any, path: str) -> Steps[int]:
    """Where the upload stands. Raises Unreachable, ProblemError."""
    # GET, since a refusal of HEAD could not say why.
    return (yield from _offset_after(driver, Call("GET", path, headers=_TUS, again=False)))


def _offset_after(driver: Any, call: Call) -> Steps[int]:
    response = yield from once(driver, call)
    if response.status_code >= 400:
        after = read_retry_after(response.headers.get("Retry-After"))
        raise error_for(read_problem(response), after)
    return int(response.headers["Upload-Offset"])


def _may_go_on(error: Unreachable | ProblemError) -> bool:
    """Whether sending can go on after this, from the offset that the service then tells."""
    if isinstance(error, Unreachable | OffsetMismatch):
        return True
    return is_temporary(error.status, error.slug)


def _stretch(body: Body, start: int, size: int) -> Iterator[bytes]:
    left = size
    for chunk in body.chunks(start):
        yield chunk[:left]
        left -= len(chunk)
        if left <= 0:
            return


def _sha256(body: Body) -> bytes:
    digest = hashlib.sha256()
    for chunk in body.chunks(0):
        digest.update(chunk)
    return digest.digest()
