"""`Content-Digest` and `Repr-Digest` of requests (RFC 9530): read, and held against the body.

Bodies are sent uncoded and whole, so both fields speak of the same bytes: those of the body.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from typing import Any, Final

from fastapi import Request

from api.refusal import Refusal, item, shown

FIELDS: Final = ("content-digest", "repr-digest")
ALGORITHMS: Final = {"sha-256": "sha256", "sha-512": "sha512"}
"""What is checked; others (`md5`, `crc32c`) are known to the registry and ignored."""

# A member of an RFC 8941 dictionary whose value is a byte sequence; parameters mean nothing here.
_KEY = r"[a-z*][a-z0-9_.*-]*"
_PARAMETER = rf";[ ]*{_KEY}(?:=[^,;]+)?"
_MEMBER = re.compile(rf"({_KEY})=:([A-Za-z0-9+/=]*):((?:{_PARAMETER})*)")
_LARGEST = 4096


class Digests:
    """What a request says of its body; fed with the body as it arrives, and checked at its end."""

    def __init__(self, request: Request) -> None:
        """Raises Refusal (400) when a field cannot be read."""
        self._expected = list(_expected(request))
        self._hashes = {name: hashlib.new(ALGORITHMS[name]) for _, name, _ in self._expected}

    def update(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        for one in self._hashes.values():
            one.update(data)

    def check(self) -> None:
        """Raise Refusal (400) when the body was another."""
        items = []
        for field, name, digest in self._expected:
            actual = self._hashes[name].digest()
            if actual != digest:
                text = f"The body that arrived has {name}=:{base64.b64encode(actual).decode()}:."
                items.append(item("", "bad-value", text, parameter=_title(field)))
        if items:
            detail = "The body that arrived is not the one that was announced; nothing was stored."
            raise Refusal("digest-mismatch", detail, items)


def _expected(request: Request) -> Iterator[tuple[str, str, bytes]]:
    for field in FIELDS:
        if field in request.headers:
            values = request.headers.getlist(field)
            for name, digest in _read(field, ", ".join(values)).items():
                if name in ALGORITHMS:
                    yield field, name, digest


def _read(field: str, text: str) -> dict[str, bytes]:
    """The dictionary of a field: algorithm to digest. Raises Refusal (400)."""
    found: dict[str, bytes] = {}
    if len(text) > _LARGEST:
        raise _malformed(field, "it is too long")
    for member in text.split(","):
        match = _MEMBER.fullmatch(member.strip(" \t"))
        if match is None:
            raise _malformed(field, f"{shown(member.strip())} is not of the form sha-256=:…:")
        found[match[1]] = _decoded(field, match[1], match[2])
    return found


def _decoded(field: str, name: str, text: str) -> bytes:
    try:
        digest = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise _malformed(field, f"the value of {name} is not base64") from None
    size = _size(name)
    if size is not None and len(digest) != size:
        raise _malformed(field, f"{name} has {size} bytes, not {len(digest)}")
    return digest


def _size(name: str) -> int | None:
    known: Any = ALGORITHMS.get(name)
    return hashlib.new(known).digest_size if known else None


def _malformed(field: str, why: str) -> Refusal:
    found = item("", "bad-value", f"{why[0].upper()}{why[1:]}.", parameter=_title(field))
    return Refusal("malformed-request", f"{_title(field)} cannot be read: {why}.", [found])


def _title(field: str) -> str:
    return field.title()
