"""Event files of TensorBoard, written without TensorFlow.

A file is a row of records (TFRecord): length, masked CRC-32C of the length, content, masked CRC-32C
of the content. A content is an `Event` in protobuf's wire format; the numbers of fields are those
of event.proto, summary.proto and tensor.proto in tensorboard/compat/proto, and of plugin_data.proto
in tensorboard/plugins/hparams.
"""

import struct
from collections.abc import Iterator, Mapping
from typing import Any

import google_crc32c

_VARINT, _DOUBLE, _BYTES, _FLOAT = 0, 1, 2, 5
_MASK = 0xA282EAD8
_HPARAMS = "_hparams_/session_start_info"

Scalars = Mapping[str, float]


def event_file(wall_time: float, *events: bytes) -> bytes:
    """A whole file of these events; it begins with the version of its form."""
    first = _double(1, wall_time) + _text(3, "brain.Event:2")
    return b"".join(_record(content) for content in (first, *events))


def scalars(wall_time: float, step: int, values: Scalars) -> bytes:
    """An event with numbers by tag; `wall_time` in seconds since 1970."""
    summary = b"".join(_bytes(1, _text(1, tag) + _float(2, value)) for tag, value in values.items())
    return _event(wall_time, step, summary)


def hyperparameters(wall_time: float, values: Mapping[str, Any]) -> bytes:
    """An event with what a training was set to, for the tab HPARAMS: numbers, texts and flags."""
    settings = b"".join(
        _bytes(1, _text(1, name) + _bytes(2, _value(value))) for name, value in values.items()
    )
    content = _bytes(3, settings + _double(5, wall_time))
    metadata = _bytes(1, _text(1, "hparams") + _bytes(2, content))
    # TensorBoard wants a tensor, whatever is in it: one float.
    tensor = _varint(1, 1) + _bytes(2, b"") + _bytes(5, struct.pack("<f", 0))
    return _event(
        wall_time, 0, _bytes(1, _text(1, _HPARAMS) + _bytes(8, tensor) + _bytes(9, metadata))
    )


def flat(document: Any, name: str = "") -> Iterator[tuple[str, float | str | bool]]:
    """The numbers, texts and flags of a document, under dotted names."""
    if isinstance(document, (bool, int, float, str)):
        yield name, document
    elif isinstance(document, dict):
        for key, value in document.items():
            yield from flat(value, f"{name}.{key}" if name else str(key))
    elif isinstance(document, list):
        for place, value in enumerate(document):
            yield from flat(value, f"{name}.{place}")


def _event(wall_time: float, step: int, summary: bytes) -> bytes:
    return _double(1, wall_time) + _varint(2, step) + _bytes(5, summary)


def _value(value: float | str | bool) -> bytes:
    """A `google.protobuf.Value`."""
    if isinstance(value, bool):
        return _varint(4, int(value))
    return _text(3, value) if isinstance(value, str) else _double(2, float(value))


def _record(content: bytes) -> bytes:
    length = struct.pack("<Q", len(content))
    return length + _checked(length) + content + _checked(content)


def _checked(data: bytes) -> bytes:
    """The masked checksum: rotated, so that checksums of checksums stay apart."""
    crc = google_crc32c.value(data)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + _MASK) & 0xFFFFFFFF)


def _tag(field: int, kind: int) -> bytes:
    return _number(field << 3 | kind)


def _number(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _varint(field: int, value: int) -> bytes:
    return _tag(field, _VARINT) + _number(value)


def _double(field: int, value: float) -> bytes:
    return _tag(field, _DOUBLE) + struct.pack("<d", value)


def _float(field: int, value: float) -> bytes:
    return _tag(field, _FLOAT) + struct.pack("<f", value)


def _bytes(field: int, value: bytes) -> bytes:
    return _tag(field, _BYTES) + _number(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())
