"""Broken files: mutants of each format's example, read one by one in a process of its own.

`python -m tests.engine.formats.mutants SEED FIRST COUNT FORMAT…` writes a line for each: its
format and number before it is read, then what came of it. A mutant is known by format, seed and
number.
"""

import io
import resource
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.faults import Fault
from engine.formats import FORMATS
from engine.tasks import read
from tests.engine._port import Recorder

_EXTREMES = (0, 1, 127, 128, 255, *(2**bits - 1 for bits in (15, 16, 31, 32, 63, 64)), 2**31)
_MEMORY = 4 << 30


def mutant(name: str, seed: int, number: int) -> bytes:
    """One broken file."""
    rng = np.random.default_rng([seed, number])
    whole = FORMATS[name].example()
    if whole.startswith(b"PK") and rng.random() < 0.7:
        return _inside(whole, rng, tape=rng.random() < 0.3)
    return _broken(whole, rng)


def _broken(whole: bytes, rng: np.random.Generator) -> bytes:
    data = bytearray(whole)
    for _ in range(rng.integers(1, 4)):
        if data:
            data = bytearray(_WAYS[rng.integers(len(_WAYS))](data, rng))
    return bytes(data)


def _inside(whole: bytes, rng: np.random.Generator, *, tape: bool) -> bytes:
    """An archive that is sound but for one file in it."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    victim = sorted(files)[rng.integers(len(files))]
    files[victim] = _broken(files[victim], rng)
    buffer = io.BytesIO()
    if tape:
        with tarfile.open(fileobj=buffer, mode="w") as out:
            for name, data in files.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                out.addfile(entry, io.BytesIO(data))
        return _broken(buffer.getvalue(), rng) if rng.random() < 0.5 else buffer.getvalue()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def _flip(data: bytearray, rng: np.random.Generator) -> bytes:
    for place in rng.integers(0, len(data), rng.integers(1, 9)):
        data[place] = rng.integers(256)
    return data


def _bit(data: bytearray, rng: np.random.Generator) -> bytes:
    data[rng.integers(len(data))] ^= 1 << int(rng.integers(8))
    return data


def _cut(data: bytearray, rng: np.random.Generator) -> bytes:
    return data[: rng.integers(len(data))]


def _drop(data: bytearray, rng: np.random.Generator) -> bytes:
    start, end = sorted(rng.integers(0, len(data) + 1, 2))
    return data[:start] + data[end:]


def _repeat(data: bytearray, rng: np.random.Generator) -> bytes:
    start, end = sorted(rng.integers(0, len(data) + 1, 2))
    return data[:end] + data[start:end] * int(rng.integers(1, 5)) + data[end:]


def _extreme(data: bytearray, rng: np.random.Generator) -> bytes:
    width = int(rng.choice([1, 2, 4, 8]))
    value = _EXTREMES[rng.integers(len(_EXTREMES))] % (1 << 8 * width)
    start = int(rng.integers(len(data)))
    data[start : start + width] = value.to_bytes(width, "little")
    return data


def _insert(data: bytearray, rng: np.random.Generator) -> bytes:
    start = int(rng.integers(len(data) + 1))
    return data[:start] + rng.bytes(int(rng.integers(1, 65))) + data[start:]


_WAYS: tuple[Callable[[bytearray, np.random.Generator], bytes], ...] = (
    *(_flip, _flip, _bit, _bit, _extreme, _extreme, _cut, _drop, _repeat, _insert),
)


def main(seed: int, first: int, count: int, names: list[str]) -> None:
    """Read mutants; the last line tells the most memory that was held, in MiB."""
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in names:
        for number in range(first, first + count):
            _say(f"{name} {number} ")
            _say(_read(mutant(name, seed, number)) + "\n")
    _say(f"peak {_peak_mib()}\n")


def _peak_mib() -> int:
    """The most that was resident since this program began; `ru_maxrss` remembers its parent too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak) // 1024


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _read(data: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(data)
        payload = {"path": str(path), "filename": None, "out": f"{folder}/out"}
        limits = {"expanded_bytes": 1 << 28, "rows": 10_000_000}
        try:
            read.run({**payload, "limits": limits}, Recorder())
        except Fault as fault:
            return fault.items[0].code if fault.items else "none"
        except Exception as error:
            return f"raised-{type(error).__name__}: {str(error)[:200]!r}"
    return "read"


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
