"""What counts as the memory of a process: what it holds, not what it maps of files."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.host.memory import held_bytes

_SIZE = 64 * 2**20
_HOLD = "held = b'x' * {size}"
_MAP = """
import mmap
file = open({path!r}, "rb")
held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
total = sum(held[at] for at in range(0, len(held), 4096))
"""


@contextmanager
def running(script: str) -> Iterator[int]:
    """A process that has run the script and waits."""
    script += "\nprint('ready', flush=True)\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        yield process.pid
        process.stdin.close()


def test_what_a_process_fills_counts() -> None:
    with running("pass") as pid:
        bare = held_bytes(pid)
    with running(_HOLD.format(size=_SIZE)) as pid:
        assert held_bytes(pid) - bare > 0.9 * _SIZE


def test_pages_of_a_mapped_file_do_not(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * _SIZE)
    with running("pass") as pid:
        bare = held_bytes(pid)
    with running(_MAP.format(path=str(path))) as pid:
        assert _resident(pid) > _SIZE
        assert held_bytes(pid) - bare < 0.1 * _SIZE


def test_a_process_that_is_gone_holds_nothing() -> None:
    with running("pass") as pid:
        pass
    assert held_bytes(pid) == 0


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))
