"""Entries of arrays: whole or absent, whoever writes, reads, removes or is killed meanwhile."""

import fcntl
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.arrays import Cache, Entry
from engine.arrays.cache import remove
from worker.cache import Cache as Shared

SHAPE = (4000, 50)


def content(seed: int) -> Any:
    return np.random.default_rng(seed).normal(size=SHAPE).astype(np.float32)


def put(cache: Cache, key: str, values: Any) -> Entry:
    draft = cache.draft({"x": (values.shape, values.dtype), "n": ((3,), np.int64)})
    try:
        for start in range(0, len(values), 1000):
            draft.write("x", values[start : start + 1000])
        draft.write("n", np.arange(3))
        draft.finish({"note": key})
        return cache.publish(key, draft)
    finally:
        draft.close()


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "encoded", 1 << 30)


def test_what_was_written_is_read(cache: Cache) -> None:
    put(cache, "aa", content(1)).close()
    entry = cache.find("aa")
    assert entry is not None
    values, mapped = content(1), entry.mapped("x")
    assert entry.told == {"note": "aa"}
    assert np.array_equal(entry.held("x"), values)
    assert (mapped.shape, mapped.dtype, len(mapped)) == (SHAPE, np.float32, 4000)
    rows = np.array([7, 3, 3999])
    assert np.array_equal(mapped[rows], values[rows])
    assert np.array_equal(mapped[:, -1:], values[:, -1:])
    assert (mapped.min(), mapped.max()) == (values.min(), values.max())
    entry.close()
    assert np.array_equal(mapped[10:20], values[10:20]), "what is in use stays readable"


@pytest.mark.parametrize("spoil", ["flip", "cut", "manifest", "no manifest"])
def test_what_is_damaged_is_removed(cache: Cache, tmp_path: Path, spoil: str) -> None:
    put(cache, "aa", content(1)).close()
    place = tmp_path / "encoded" / "aa"
    if spoil == "flip":
        with (place / "arrays.bin").open("r+b") as file:
            file.seek(5000)
            file.write(b"\1\2\3")
    elif spoil == "cut":
        os.truncate(place / "arrays.bin", 4096)
    elif spoil == "manifest":
        (place / "manifest.json").write_text('{"version": 1')
    else:
        (place / "manifest.json").unlink()
    assert cache.find("aa") is None
    put(cache, "aa", content(2)).close()
    entry = cache.find("aa")
    assert entry is not None
    assert np.array_equal(entry.held("x"), content(2))
    entry.close()


def test_a_half_written_array_is_no_entry(cache: Cache) -> None:
    draft = cache.draft({"x": (SHAPE, np.float32)})
    draft.write("x", content(1)[:10])
    with pytest.raises(ValueError, match="10 of 4000"):
        draft.finish({})
    with pytest.raises(ValueError, match="after"):
        draft.write("x", np.zeros((1, 3), np.float32))
    draft.discard()
    assert cache.find("aa") is None


def test_too_much_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    small = Cache(tmp_path / "encoded", 1000)
    with pytest.raises(OSError, match="cache"):
        small.draft({"x": (SHAPE, np.float32)})
    with pytest.raises(OSError, match="room"):
        Cache(tmp_path / "encoded", 1 << 60).draft({"x": ((1 << 50,), np.uint8)})
    assert not list((tmp_path / "encoded").glob(".draft*"))


def test_the_least_recently_used_goes_unless_it_is_in_use(tmp_path: Path) -> None:
    shared = Shared(tmp_path, 2 * content(1).nbytes + 200_000)
    cache = Cache(shared.encoded, 1 << 30)
    entries = [put(cache, key, content(1)) for key in ("aa", "bb", "cc")]
    for age, key in enumerate(("cc", "bb", "aa")):
        at = time.time() - 100 * age
        os.utime(shared.encoded / key, (at, at))
    for entry in entries[1:]:
        entry.close()
    shared.trim()  # the oldest is in use
    assert {one.name for one in shared.encoded.iterdir()} == {"aa", "cc"}
    assert np.array_equal(entries[0].held("x"), content(1))
    entries[0].close()


@pytest.mark.parametrize("moment", ["open", "flock"])
def test_a_draft_that_is_tidied_away_as_it_begins_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    shared = Shared(tmp_path, 1 << 30)
    cache = Cache(shared.encoded, 1 << 30)
    at, name = (Path, "open") if moment == "open" else (fcntl, "flock")
    real = getattr(at, name)

    def late(*args: Any) -> Any:
        monkeypatch.setattr(at, name, real)
        shared.trim()
        return real(*args)

    monkeypatch.setattr(at, name, late)
    entry = put(cache, "aa", content(1))
    assert np.array_equal(entry.held("x"), content(1))
    entry.close()


def _work(folder: Path, number: int, done: Any) -> None:
    """Find or make entries, check them, remove some, until killed or done."""
    cache, shared = Cache(folder / "encoded", 1 << 30), Shared(folder, 2_000_000)
    rng = np.random.default_rng(number)
    for _ in range(60):
        seed = int(rng.integers(4))
        key = f"{seed:02}"
        with cache.alone(key):
            entry = cache.find(key) or put(cache, key, content(seed))
        assert entry.told == {"note": key}
        assert np.array_equal(entry.held("x"), content(seed))
        entry.close()
        choice = rng.integers(6)
        if choice == 0:
            shared.trim()
        elif choice == 1:
            remove(folder / "encoded" / key)
    done.put(number)


@pytest.fixture
def racers(tmp_path: Path) -> Iterator[Any]:
    """Starts processes that work on one cache; those left are ended afterwards."""
    context = multiprocessing.get_context("spawn")
    done, started = context.Queue(), []

    def start(number: int) -> Any:
        process = context.Process(target=_work, args=(tmp_path, number, done))
        process.start()
        started.append(process)
        return process

    yield start, done
    for process in started:
        process.kill()
        process.join()
    done.close()
    done.join_thread()


def test_processes_race_and_some_are_killed(racers: Any, tmp_path: Path) -> None:
    start, _ = racers
    lasting = [start(number) for number in range(2)]
    for number in range(2, 5):
        victim = start(number)
        time.sleep(0.8)
        os.kill(victim.pid, signal.SIGKILL)
    for process in lasting:
        process.join(timeout=300)
        assert process.exitcode == 0
    Shared(tmp_path, 1 << 30).trim()
    left = [one.name for one in (tmp_path / "encoded").iterdir() if one.name != ".locks"]
    assert not [name for name in left if name.startswith(".")], "nothing half is left"
    cache = Cache(tmp_path / "encoded", 1 << 30)
    for name in left:
        entry = cache.find(name)
        assert entry is not None
        assert np.array_equal(entry.held("x"), content(int(name)))
        entry.close()
