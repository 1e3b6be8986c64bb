"""Object storage: the same behaviour in a folder and in a bucket."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.storage import Storage


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Storage(f"file://{tmp_path / 'objects'}")
    return Storage(
        f"s3://bucket/{tmp_path.name}",
        request.getfixturevalue("bucket_options"),
    )


def test_what_is_put_can_be_read(storage: Storage, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(bytes(range(256)) * 40_000)
    storage.put("a/file", source)
    storage.put("a/bytes", b"hello")
    assert storage.read("a/bytes") == b"hello"
    assert storage.size("a/file") == 256 * 40_000
    assert b"".join(storage.stream("a/file")) == source.read_bytes()
    assert b"".join(storage.stream("a/file", 5, 9)) == bytes([5, 6, 7, 8])


def test_objects_are_fetched_into_folders_that_do_not_exist_yet(
    storage: Storage, tmp_path: Path
) -> None:
    storage.put("x", b"content")
    storage.fetch("x", tmp_path / "deep" / "down" / "x")
    assert (tmp_path / "deep" / "down" / "x").read_bytes() == b"content"


def test_deleting_takes_all_below_a_prefix_and_nothing_beside_it(storage: Storage) -> None:
    for key in ("a/1", "a/b/2", "ab/3"):
        storage.put(key, b"x")
    storage.delete("a")
    for key in ("a/1", "a/b/2"):
        with pytest.raises(FileNotFoundError):
            storage.read(key)
    assert storage.read("ab/3") == b"x"


def test_two_may_delete_the_same_at_once(storage: Storage) -> None:
    for number in range(60):
        storage.put(f"a/{number}", b"1")
    with ThreadPoolExecutor(2) as pool:
        for deletion in [pool.submit(storage.delete, "a") for _ in range(2)]:
            deletion.result()
    assert storage.newest("a") is None


def test_one_object_can_be_discarded(storage: Storage) -> None:
    for key in ("a/1", "a/10", "a/1b"):
        storage.put(key, b"x")
    for _ in range(2):
        storage.discard("a/1")
    with pytest.raises(FileNotFoundError):
        storage.read("a/1")
    assert storage.read("a/10") == storage.read("a/1b") == b"x"


def test_what_is_not_there_is_not_found(storage: Storage, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        storage.read("nothing")
    with pytest.raises(FileNotFoundError):
        storage.size("nothing")
    with pytest.raises(FileNotFoundError):
        storage.fetch("nothing", tmp_path / "nothing")


def test_a_storage_that_answers_passes_its_check(storage: Storage) -> None:
    storage.check()
