"""Parts of downloads: a single byte range (RFC 9110, section 14)."""

import re
from dataclasses import dataclass

from api.refusal import Refusal

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True)
class Span:
    """The bytes from `start` up to, not including, `end` of `size`; `partial` means 206."""

    start: int
    end: int
    size: int
    partial: bool

    def headers(self) -> dict[str, str]:
        """Content-Length, and Content-Range when it is a part."""
        found = {"Content-Length": str(self.end - self.start), "Accept-Ranges": "bytes"}
        if self.partial:
            found["Content-Range"] = f"bytes {self.start}-{self.end - 1}/{self.size}"
        return found


def span(header: str | None, size: int, is_current: bool) -> Span:
    """What to send. Several ranges, other units and a stale `If-Range` mean the whole.

    Raises Refusal (416) when the range begins beyond the end.
    """
    found = _RANGE.fullmatch(header.strip()) if header is not None and is_current else None
    if found is None or found[0] == "bytes=-":
        return Span(0, size, size, partial=False)
    first, last = found[1], found[2]
    if not first:  # the last so many bytes
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1 if last else size, size)
        if last and int(last) < start:
            return Span(0, size, size, partial=False)
    if start >= size:
        detail = f"The content has {size} bytes."
        headers = {"Content-Range": f"bytes */{size}"}
        raise Refusal("range-not-satisfiable", detail, headers=headers)
    return Span(start, end, size, partial=True)
