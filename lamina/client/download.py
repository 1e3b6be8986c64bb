"""Downloads: streamed to a file, resumed when the connection breaks, checked by digest."""

import base64
import hashlib
import os
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import httpx2

from .call import Call, Progress
from .errors import CorruptDownload
from .exchange import open_once, unreachable
from .problems import ProblemError
from .retry import Retry, is_temporary, read_retry_after
from .step import END, Opened, Steps, pull, sleep, work


class _NotYet(Exception):
    """The content is being made; ask again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class _Target:
    """The file being written, beside its final place, and what is known of the content."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        self.partial = Path(name)
        self.received = 0
        self.etag: str | None = None

    def start(self, opened: Opened) -> None:
        """Go on after the bytes at hand when the server does, else begin anew."""
        if opened.response.status_code != 206:
            self.received = 0
            os.ftruncate(self.handle, 0)
        os.lseek(self.handle, self.received, os.SEEK_SET)
        self.etag = opened.response.headers.get("ETag")

    def add(self, chunk: bytes) -> None:
        """Append bytes."""
        view = memoryview(chunk)
        while view:
            view = view[os.write(self.handle, view) :]
        self.received += len(chunk)

    def finish(self, digest: str | None) -> None:
        """Check the content and put it in its place. Raises CorruptDownload."""
        os.fsync(self.handle)
        verify(self.partial, digest)
        # mkstemp makes private files; a download gets what any new file would get.
        mask = os.umask(0)
        os.umask(mask)
        self.partial.chmod(0o666 & ~mask)
        self.partial.replace(self.path)

    def close(self) -> None:
        """Close the file; one that was not finished is deleted."""
        os.close(self.handle)
        self.partial.unlink(missing_ok=True)


def download(
    driver: Any, path: str, params: dict[str, Any], to: Path, progress: Progress | None
) -> Steps[Path]:
    """Write the content at `path` to the file `to`; gives `to`.

    Waits while the service says that the content is being made (202). Raises ProblemError,
    Unreachable, CorruptDownload; a file that was there before then stays.
    """
    target = _Target(to)
    retry = Retry(retries=driver.retries)
    failures = 0
    try:
        while True:
            before = target.received
            try:
                digest = yield from _attempt(Call("GET", path, params), target, progress)
            except _NotYet as told:
                yield from sleep(told.seconds)
                continue
            except httpx2.RequestError as error:
                refusal: Exception = unreachable(driver.url, error)
                after = None
            except ProblemError as problem:
                if not is_temporary(problem.status, problem.slug):
                    raise
                refusal, after = problem, problem.retry_after
            else:
                yield from work(partial(target.finish, digest))
                return to
            failures = 1 if target.received > before else failures + 1
            seconds = retry.delay(failures, after)
            if seconds is None:
                raise refusal
            yield from sleep(seconds)
    finally:
        target.close()


def _attempt(call: Call, target: _Target, progress: Progress | None) -> Steps[str | None]:
    # Identity: the digest is of the bytes themselves, and a range counts them.
    headers = {"Accept-Encoding": "identity"}
    if target.received and target.etag:
        headers |= {"Range": f"bytes={target.received}-", "If-Range": target.etag}
    opened = yield from open_once(Call(call.method, call.path, call.params, headers), "bytes")
    if opened.response.status_code == 202:
        while (yield from pull(opened)) is not END:
            pass
        raise _NotYet(read_retry_after(opened.response.headers.get("Retry-After")) or 1)
    target.start(opened)
    total = target.received + int(opened.response.headers.get("Content-Length", 0))
    while (chunk := (yield from pull(opened))) is not END:
        target.add(chunk)
        if progress is not None:
            progress(target.received, max(total, target.received))
    digest: str | None = opened.response.headers.get("Repr-Digest")
    return digest


def verify(path: Path, header: str | None) -> None:
    """Compare a file with the `sha-256` of a `Repr-Digest` header (RFC 9530).

    Raises CorruptDownload when they differ or the header is missing.
    """
    announced = _sha256(header or "")
    if announced is None:
        raise CorruptDownload("the service announced no sha-256 digest to check the content by")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").digest()
    if found != announced:
        raise CorruptDownload(
            f"the content has sha-256 {found.hex()}, announced was {announced.hex()}"
        )


def _sha256(header: str) -> bytes | None:
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name.lower() == "sha-256" and value.startswith(":") and value.endswith(":"):
            return base64.b64decode(value.strip(":"))
    return None
