"""Hostile files in the limited child that reads uploads: refused with a code, nothing left."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest
from backports import zstd

from core.host import EngineFailure, EngineHost, EngineRefusal, Limits
from engine.formats._workbook import workbook
from lamina.codes import ITEMS
from tests.engine.formats.test_archives import taped
from tests.engine.formats.test_excel import forged
from tests.engine.formats.test_image_folder import GREY, packed, picture

_MEMORY = 1 << 30
_EXPANDED = 64 << 20
_ZEROS = bytes(_EXPANDED + 1)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineHost]:
    made = EngineHost(tmp_path_factory.mktemp("host"), "fork")
    made.start()
    yield made
    made.close()


def read(host: EngineHost, data: bytes, filename: str | None = None) -> str:
    """The code with which the host refuses; `read` when it does not."""
    with host.folder() as folder:
        (folder / "upload").write_bytes(data)
        out = folder / "out"
        payload = {"path": str(folder / "upload"), "filename": filename, "out": str(out)}
        limits = Limits(
            wall_seconds=120, memory_bytes=_MEMORY, data_bytes=_MEMORY, file_bytes=4 * _EXPANDED
        )
        bounds = {"expanded_bytes": _EXPANDED, "entries": 1000, "pixels": 25_000_000}
        try:
            host.run("read", payload | {"limits": bounds}, folder, limits)
        except EngineRefusal as refusal:
            return str(refusal.errors[0]["code"])
        except EngineFailure as failure:
            return failure.code
        finally:
            kept = folder
    assert not kept.exists()
    return "read"


def nested() -> bytes:
    inner = packed({f"a/{number}.bin": _ZEROS for number in range(2)})
    return packed({f"a/{number}.zip": inner for number in range(4)})


def lying() -> bytes:
    """A ZIP whose member is larger than its entry says."""
    data = bytearray(packed({"a/1.png": _ZEROS}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(mark) + place
        data[start : start + 4] = struct.pack("<I", 1000)
    return bytes(data)


def many_entries() -> bytes:
    return packed({f"a/{number}.png": b"" for number in range(1001)}, zipfile.ZIP_STORED)


def png(width: int, height: int) -> bytes:
    """A sound image of one colour, a few kilobytes for any size."""
    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)), (b"IDAT", rows)]
    out = b"\x89PNG\r\n\x1a\n"
    for kind, data in [*parts, (b"IEND", b"")]:
        out += struct.pack(">I", len(data)) + kind + data
        out += struct.pack(">I", zlib.crc32(kind + data))
    return packed({"a/1.png": out})


def gif(frames: int) -> bytes:
    """An animation of many frames of the same few bytes."""
    whole = picture(GREY, "GIF")
    start = whole.index(b"\x2c")
    return packed({"a/1.gif": whole[:start] + whole[start:-1] * frames + b"\x3b"})


def written(table: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.write_parquet(buffer)
    return buffer.getvalue()


def long_words() -> bytes:
    """A word of 60 kB, ten thousand times: 600 MB in a few kilobytes."""
    table = pl.DataFrame({"word": pl.Series(["x" * 60_000]).new_from_index(0, 10_000)})
    return written(table)


def zeros() -> bytes:
    """Sixteen million numbers in some kilobytes, twice what the limit allows."""
    return written(pl.select(pl.repeat(0, 16_000_000, dtype=pl.Int64).alias("n")))


def forged_rows() -> bytes:
    """Parquet whose description counts far more rows than there are."""
    data = written(pl.DataFrame({"n": pl.Series(range(1000)), "m": pl.Series(range(1000))}))
    footer = int.from_bytes(data[-8:-4], "little")
    described = data[-8 - footer : -8].replace(b"\xd0\x0f", b"\xfe\x7f")
    return data[: -8 - footer] + described + data[-8:]


def npy(shape: str, dtype: str = "<f8", data: bytes = b"") -> bytes:
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + data


def pickled() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return buffer.getvalue()


def arrow(offset: int) -> bytes:
    """An Arrow file one of whose text offsets points far beyond its buffer."""
    buffer = io.BytesIO()
    table = pl.DataFrame(
        {"word": ["one long enough word to lie outside", "another such long word"]}
    )
    table.write_ipc(buffer, compat_level=pl.CompatLevel.oldest())
    data = buffer.getvalue()
    place = data.index(struct.pack("<qqq", 0, 35, 57))
    return data[: place + 8] + struct.pack("<qq", offset, offset) + data[place + 24 :]


def ods() -> bytes:
    """A spreadsheet of one cell, repeated until it fills the sheet."""
    cell = '<table:table-cell office:value-type="float" office:value="1"'
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    text = (
        f"<office:document-content{names}><office:body><office:spreadsheet><table:table "
        f'table:name="S"><table:table-row table:number-rows-repeated="1048576">{cell} '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    files = {"content.xml": text.encode(), "META-INF/manifest.xml": manifest.encode()}
    return packed({"mimetype": kind, **files}, zipfile.ZIP_STORED)


def linked() -> bytes:
    entry = tarfile.TarInfo("a/1.png")
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return taped({}, entry)


BOMBS = {
    "gzip": (lambda: gzip.compress(_ZEROS), "too-large"),
    "gzip in gzip": (lambda: gzip.compress(gzip.compress(_ZEROS)), "unknown-format"),
    "zstandard": (lambda: zstd.compress(_ZEROS), "too-large"),
    "zstandard window": (lambda: b"\x28\xb5\x2f\xfd\x00\xa8" + bytes(64), "unreadable"),
    "tar.gz": (lambda: gzip.compress(taped({"a/1.png": _ZEROS})), "too-large"),
    "zip, flat": (lambda: packed({"a/1.png": _ZEROS}), "too-large"),
    "zip, nested": (nested, "too-large|unreadable"),
    "zip, lying": (lying, "unreadable"),
    "zip, many entries": (many_entries, "too-large"),
    "tar, link": (linked, "unreadable"),
    "image of 100 megapixels": (lambda: png(10_000, 10_000), "too-large"),
    "image of 4 gigapixels": (lambda: png(65_536, 65_536), "too-large"),
    "image of many frames": (lambda: gif(20_000), "read"),
    "csv, one line": (lambda: b"a,b\n" + b"x" * (_EXPANDED - 100), "too-large"),
    "csv, a million columns": (lambda: b"a," * 1_000_000 + b"a\n1\n", "too-large"),
    "csv, a million names": (
        lambda: ",".join(f"c{n}" for n in range(10**6)).encode() + b"\n1\n", "too-large",
    ),
    "csv, open quote": (lambda: b'a,b\n1,"' + b"x\n" * 10_000_000, "unreadable"),
    "csv, empty lines": (lambda: b"a,b\n" + b"\n" * 20_000_000, "empty"),
    "json, deep": (lambda: b"[" * 10_000_000, "unreadable"),
    "json, wide": (lambda: b'[{"a":' + b"[" * 900 + b"]" * 900 + b"}]", "unreadable"),
    "json, numbers": (lambda: b'[{"a": 1' + b"0" * 5_000_000 + b"}]", "unreadable"),
    "npy, shape": (lambda: npy("(10000000000,)"), "unreadable|too-large"),
    "npy, axes": (lambda: npy("(" + "1," * 60 + ")", data=bytes(8)), "unreadable|read"),
    "npy, word": (lambda: npy("(1,)", "|S2000000000"), "unreadable"),
    "npy, pickle": (pickled, "unreadable"),
    "npz, shape": (lambda: packed({"a.npy": npy("(10000000000,)")}), "too-large"),
    "npz, zeros": (
        lambda: packed({"a.npy": npy("(8000000,)", data=bytes(64_000_000)), "b.npy": _ZEROS}),
        "too-large",
    ),
    "parquet, long words": (long_words, "too-large|out-of-memory|crashed|read"),
    "parquet, zeros": (zeros, "too-large"),
    "parquet, forged rows": (forged_rows, "unreadable|too-large|read"),
    "arrow, offset": (lambda: arrow(1 << 40), "unreadable|crashed"),
    "arrow, negative offset": (lambda: arrow(-(1 << 40)), "unreadable|crashed"),
    "xlsx, far cell": (
        lambda: forged('<worksheet><sheetData><row><c r="XFD1048576"/></row></sheetData>'),
        "too-large",
    ),
    "xlsx, huge": (lambda: forged("<!--" + "x" * (_EXPANDED + 1) + "-->"), "too-large"),
    "xlsx, truncated": (lambda: workbook({"S": [["a"], [1]]})[:300], "unreadable"),
    "ods, repeated": (ods, "too-large|unreadable|out-of-memory|crashed"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_do_no_harm(host: EngineHost, name: str) -> None:
    made, codes = BOMBS[name]
    code = read(host, made())
    assert code in codes.split("|")
    assert code in {*ITEMS, "out-of-memory", "crashed", "read"}


def test_the_host_still_reads(host: EngineHost) -> None:
    assert read(host, b"a,b\n1,2\n") == "read"
