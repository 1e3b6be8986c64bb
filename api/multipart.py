"""Forms with files: `multipart/form-data` read as it arrives, the files passed on in pieces."""

from collections.abc import Awaitable, Callable
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.refusal import Refusal

_FIELD_BYTES = 64 * 1024
_FIELDS = 20
_FILE = "file"

Found = tuple[str | None, str | None, dict[str, str]]


class Parts:
    """Feeds a form to the parser; passes the bytes of the part `file` to `take`.

    Where there may be `most` such parts their bytes follow one another, and `sizes` tells how
    many are of each.
    """

    def __init__(
        self, content_type: str, take: Callable[[bytes], Awaitable[None]], most: int = 1
    ) -> None:
        _, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if not boundary:
            raise _malformed("it names no boundary")
        self._take = take
        self._reader = _Reader(most)
        self._parser = MultipartParser(boundary, self._reader.callbacks())  # type: ignore[arg-type]

    async def feed(self, data: bytes) -> None:
        """Parse the next bytes of the body. Raises Refusal (400), and what `take` raises."""
        if not data:
            return
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise _malformed(str(error)[:100]) from None
        for piece in self._reader.pieces:
            await self._take(piece)
        self._reader.pieces.clear()

    def finish(self) -> Found:
        """File name, content type and other fields. Raises Refusal (400) when parts are missing."""
        try:
            self._parser.finalize()
        except FormParserError:
            raise _malformed("it ends early") from None
        if not self._reader.ended or not self._reader.sizes:
            raise _malformed(f"it needs one part named {_FILE!r} and a closing boundary")
        return self._reader.filename, self._reader.content_type, self._reader.fields

    @property
    def sizes(self) -> list[int]:
        """The bytes of each file that has begun."""
        return self._reader.sizes


class _Reader:
    """What the parser's callbacks found."""

    def __init__(self, most: int) -> None:
        self.sizes: list[int] = []
        self._most = most
        self.pieces: list[bytes] = []
        self.fields: dict[str, str] = {}
        self.filename: str | None = None
        self.content_type: str | None = None
        self.ended = False
        self._headers: dict[bytes, bytes] = {}
        self._name = b""
        self._value = b""
        self._part = ""
        self._text = b""

    def callbacks(self) -> dict[str, Any]:
        """The callbacks, by the parser's names for them."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        self._headers, self._name, self._value, self._text = {}, b"", b"", b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._part = options.get(b"name", b"").decode("utf-8", "replace")
        if self._part != _FILE:
            if len(self.fields) >= _FIELDS:
                raise _malformed(f"it has more than {_FIELDS} fields")
            return
        if len(self.sizes) >= self._most:
            raise _malformed(
                "it has several files; upload them one by one, or as one archive"
                if self._most == 1
                else f"it has more than {self._most} files"
            )
        self.sizes.append(0)
        filename = options.get(b"filename")
        self.filename = filename.decode("utf-8", "replace") if filename else None
        kind = self._headers.get(b"content-type", b"").partition(b";")[0]
        self.content_type = kind.decode("latin-1").strip().lower() or None

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part == _FILE:
            self.pieces.append(data[start:end])
            self.sizes[-1] += end - start
            return
        self._text += data[start:end]
        if len(self._text) > _FIELD_BYTES:
            raise _malformed(f"a field has more than {_FIELD_BYTES} bytes")

    def _end(self) -> None:
        if self._part != _FILE:
            self.fields[self._part] = self._text.decode("utf-8", "replace")

    def _finish(self) -> None:
        self.ended = True


def _malformed(why: str) -> Refusal:
    return Refusal("malformed-request", f"The form cannot be read: {why}.")
