"""What a host keeps between attempts."""

import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from worker.cache import Cache

NAMES = ["table.parquet", "0.npy"]


class Source:
    """Writes a file of some bytes and counts how often it was asked."""

    def __init__(self, size: int = 5) -> None:
        self.asked, self._size = 0, size

    def __call__(self, to: Path) -> None:
        self.asked += 1
        to.mkdir(parents=True)
        for name in NAMES:
            (to / name).write_bytes(b"x" * self._size)


def age(cache: Cache, key: str, seconds: float) -> None:
    """Pretend that an entry was used so long ago."""
    at = time.time() - seconds
    os.utime(cache._datasets / key, (at, at))


def kept(cache: Cache) -> set[str]:
    return {entry.name for entry in cache._datasets.iterdir()}


def test_a_dataset_is_fetched_once_and_linked_each_time(tmp_path: Path) -> None:
    source, cache = Source(), Cache(tmp_path / "cache", 1000)
    for attempt in ("one", "two"):
        cache.bring("prj/datasets/ds/canonical-1", NAMES, source, tmp_path / attempt)
    assert source.asked == 1
    first, second = (tmp_path / name / "table.parquet" for name in ("one", "two"))
    assert first.read_bytes() == b"x" * 5
    assert first.stat().st_ino == second.stat().st_ino, "no bytes are copied"


def test_a_fetch_that_fails_leaves_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", 1000)

    def broken(to: Path) -> None:
        to.mkdir()
        (to / "half").write_bytes(b"x")
        raise FileNotFoundError("gone")

    with pytest.raises(FileNotFoundError):
        cache.bring("key", NAMES, broken, tmp_path / "to")
    assert kept(cache) == set()


def test_the_least_recently_used_goes_and_its_user_keeps_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", 25)
    for number, key in enumerate(("a", "b", "c")):
        cache.bring(key, NAMES, Source(), tmp_path / key)
        age(cache, key, 100 - number)
    cache.bring("a", NAMES, Source(), tmp_path / "again")
    cache.trim()
    assert kept(cache) == {"a", "c"}
    assert (tmp_path / "b" / "table.parquet").read_bytes() == b"x" * 5


def test_what_nobody_used_for_long_goes(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", 1000)
    for key, days in (("old", 8), ("young", 6)):
        cache.bring(key, NAMES, Source(), tmp_path / key)
        age(cache, key, days * 86_400)
    cache.trim()
    assert kept(cache) == {"young"}


def test_an_entry_removed_under_the_hand_is_fetched_again(tmp_path: Path) -> None:
    """Neighbours trim without locks: whoever brings a dataset gets it whole all the same."""
    cache, stop = Cache(tmp_path / "cache", 1000), threading.Event()

    def remove() -> None:
        while not stop.is_set():
            for entry in cache._datasets.iterdir():
                shutil.rmtree(entry, ignore_errors=True)

    thread = threading.Thread(target=remove)
    thread.start()
    source = Source()
    try:
        for number in range(200):
            to = tmp_path / str(number)
            cache.bring("key", NAMES, source, to)
            assert {path.name for path in to.iterdir()} == set(NAMES)
    finally:
        stop.set()
        thread.join()
    assert source.asked > 1, "nothing was ever removed in between"
