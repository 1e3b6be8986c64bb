"""The tus resumable upload protocol, version 1.0.0 (tus.io/protocols/resumable-upload): headers.

Core protocol with the extensions creation, creation-with-upload, creation-defer-length,
termination, checksum and expiration. What they do stands in `api.pieces`.
"""

import base64
import binascii
import hashlib
import re
from email.utils import format_datetime
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.refusal import Refusal, item, shown
from models.upload import Upload

VERSION: Final = "1.0.0"
PIECE: Final = "application/offset+octet-stream"
ALGORITHMS: Final = ("sha256", "sha1", "sha512", "md5")
EXTENSIONS: Final = (
    *("creation", "creation-with-upload", "creation-defer-length"),
    *("termination", "checksum", "expiration"),
)
_PATH: Final = "/v1/uploads"
_OVERRIDES: Final = frozenset({"PATCH", "DELETE", "HEAD"})
_NUMBER = re.compile(r"[0-9]{1,18}")
_DESCRIBED = 4096
"""Bytes of an Upload-Metadata header."""


class Tus:
    """Middleware below /v1/uploads: tells the version, and lets POST stand for a method."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI)."""
        path: str = scope.get("path", "")
        if scope["type"] != "http" or not (path == _PATH or path.startswith(f"{_PATH}/")):
            await self.app(scope, receive, send)
            return

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Tus-Resumable"] = VERSION
            await send(message)

        headers = Headers(scope=scope)
        asked = scope["state"]["asked"]
        override = headers.get("x-http-method-override", "").upper()
        if asked == "POST" and override in _OVERRIDES:
            asked, method = override, "GET" if override == "HEAD" else override
            scope = {**scope, "method": method}
            scope["state"]["asked"] = asked
        await self.app(scope, receive, stamped)


async def negotiate(request: Request) -> None:
    """Raise Refusal (412) for another version of the protocol, or none where one must be.

    Not in the middleware: who may not call at all, or by a method that is not there, is told that.
    """
    asked, given = request.scope["state"]["asked"], request.headers.get("tus-resumable")
    if asked != "OPTIONS" and given != VERSION and (given is not None or asked != "GET"):
        detail = f"Send the header Tus-Resumable: {VERSION}."
        raise Refusal("unsupported-version", detail, headers={"Tus-Version": VERSION})


def discovery(largest: int) -> dict[str, str]:
    """What OPTIONS tells."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": ",".join(EXTENSIONS),
        "Tus-Max-Size": str(largest),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def state(upload: Upload) -> dict[str, str]:
    """Where an upload stands."""
    length = (
        {"Upload-Defer-Length": "1"}
        if upload.length is None
        else {"Upload-Length": str(upload.length)}
    )
    described = {"Upload-Metadata": upload.described} if upload.described else {}
    return {"Upload-Offset": str(upload.offset), **length, **described, **expiry(upload)}


def expiry(upload: Upload) -> dict[str, str]:
    """Until when an upload is kept."""
    return {"Upload-Expires": format_datetime(upload.expires_at, usegmt=True)}


def read_number(headers: Headers, name: str) -> int | None:
    """A header that counts bytes. Raises Refusal (400)."""
    text = headers.get(name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise unreadable(name, f"{shown(text)} is no number of bytes")
    return int(text)


def read_length(headers: Headers) -> int | None:
    """The length of a new upload; None when it is told later. Raises Refusal (400)."""
    length, deferred = read_number(headers, "Upload-Length"), headers.get("Upload-Defer-Length")
    if deferred not in (None, "1"):
        raise unreadable("Upload-Defer-Length", "its one value is 1")
    if (length is None) == (deferred is None):
        raise unreadable("Upload-Length", "either it or Upload-Defer-Length: 1 is needed")
    return length


def read_metadata(text: str) -> dict[str, str]:
    """Upload-Metadata: keys, each with a value in base64, by commas. Raises Refusal (400)."""
    if len(text) > _DESCRIBED:
        raise unreadable("Upload-Metadata", f"it has more than {_DESCRIBED} bytes")
    found: dict[str, str] = {}
    for pair in text.split(",") if text.strip() else []:
        key, _, value = pair.strip().partition(" ")
        if not key or not key.isascii() or key in found:
            raise unreadable("Upload-Metadata", f"{shown(key)} is no key, or stands there twice")
        try:
            content = base64.b64decode(value.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise unreadable(
                "Upload-Metadata", f"the value of {shown(key)} is not base64"
            ) from None
        found[key] = content.decode("utf-8", "replace").replace("\0", "")
    return found


class Checksum:
    """What Upload-Checksum says of one piece; fed with it, and checked at its end."""

    def __init__(self, text: str) -> None:
        """Raises Refusal (400)."""
        self.name, _, value = text.strip().partition(" ")
        if self.name not in ALGORITHMS:
            known = ", ".join(ALGORITHMS)
            raise unreadable("Upload-Checksum", f"{shown(self.name)} is none of {known}")
        self._hash = hashlib.new(self.name, usedforsecurity=False)
        try:
            self._expected = base64.b64decode(value.strip(), validate=True)
        except (binascii.Error, ValueError):
            self._expected = b""
        if len(self._expected) != self._hash.digest_size:
            size = self._hash.digest_size
            raise unreadable("Upload-Checksum", f"{self.name} is {size} bytes in base64")

    def update(self, data: bytes) -> None:
        """Take the next bytes of the piece."""
        self._hash.update(data)

    def check(self) -> None:
        """Raise Refusal (460) when the piece was another."""
        if self._hash.digest() != self._expected:
            actual = base64.b64encode(self._hash.digest()).decode()
            detail = f"The piece that arrived has {self.name} {actual}; it was dropped."
            raise Refusal("checksum-mismatch", detail)


def unreadable(header: str, why: str) -> Refusal:
    """The refusal of a header."""
    found = item("", "bad-value", f"{why[0].upper()}{why[1:]}.", parameter=header)
    return Refusal("malformed-request", f"{header} cannot be read: {why}.", [found])
