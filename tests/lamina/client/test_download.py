"""Downloads: resumed, checked, never half there."""

import asyncio
import base64
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from lamina.client import AsyncClient, Client, CorruptDownload, Unreachable
from lamina.client.problems import NotAcceptable
from tests.lamina import resources
from tests.lamina.outside import Asked, Outside, Reply, in_turn, outside, problem

_CONTENT = os.urandom(300_000)


def _digest(content: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


_HEADERS = {"ETag": '"1"', "Repr-Digest": _digest(_CONTENT)}
_WHOLE = Reply(200, _CONTENT, _HEADERS)


def _serving(*contents: Reply) -> Any:
    replies = in_turn(*contents)

    def script(request: Asked) -> Reply:
        is_content = request.path.endswith("/content")
        return replies(request) if is_content else Reply(200, resources.model())

    return script


def _download(world: Outside, to: Path, **options: Any) -> Path:
    with Client(world.url, retries=1) as client:
        return client.models.get(resources.MODEL_ID).download(to, **options)


def test_into_a_folder_under_its_own_name(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with outside(_serving(_WHOLE)) as world:
        path = _download(world, tmp_path, progress=lambda *at: told.append(at))
    assert path == tmp_path / f"{resources.MODEL_ID}.keras"
    assert path.read_bytes() == _CONTENT
    assert [*tmp_path.iterdir()] == [path]
    assert world.asked[-1].query == {"format": "keras"}
    assert told[-1] == (len(_CONTENT), len(_CONTENT))
    assert {total for _, total in told} == {len(_CONTENT)}


def test_a_broken_download_goes_on_where_it_stopped(tmp_path: Path) -> None:
    def script(request: Asked) -> Reply:
        if not request.path.endswith("/content"):
            return Reply(200, resources.model())
        if "range" not in request.headers:
            return Reply(200, _CONTENT, _HEADERS, cut=100_000)
        start = int(request.headers["range"].removeprefix("bytes=").removesuffix("-"))
        return Reply(206, _CONTENT[start:], _HEADERS)

    with outside(script) as world:
        assert _download(world, tmp_path / "m.keras").read_bytes() == _CONTENT
    assert world.asked[-1].headers["if-range"] == '"1"'
    assert 0 < int(world.asked[-1].headers["range"][6:-1]) <= 100_000


def test_a_model_that_changed_meanwhile_is_fetched_anew(tmp_path: Path) -> None:
    stale = Reply(200, b"old" * 100_000, {"ETag": '"0"'}, cut=150_000)
    with outside(_serving(stale, _WHOLE)) as world:
        assert _download(world, tmp_path / "m.keras").read_bytes() == _CONTENT


@pytest.mark.parametrize(
    ("digest", "text"),
    [
        ({"Repr-Digest": _digest(b"other")}, "the content has sha-256"),
        ({"Repr-Digest": "sha-512=:AAAA:"}, "no sha-256 digest"),
        ({}, "no sha-256 digest"),
    ],
)
def test_wrong_content_never_takes_the_place(
    digest: dict[str, str], text: str, tmp_path: Path
) -> None:
    target = tmp_path / "m.keras"
    target.write_bytes(b"what was here before")
    with (
        outside(_serving(Reply(200, _CONTENT, digest))) as world,
        pytest.raises(CorruptDownload, match=text),
    ):
        _download(world, target)
    assert target.read_bytes() == b"what was here before"
    assert [*tmp_path.iterdir()] == [target]


def test_a_refusal_leaves_nothing_behind(tmp_path: Path) -> None:
    with (
        outside(_serving(problem("not-acceptable", 406))) as world,
        pytest.raises(NotAcceptable),
    ):
        _download(world, tmp_path, format="onnx")
    assert not [*tmp_path.iterdir()]


def test_a_connection_that_always_breaks_is_given_up(tmp_path: Path) -> None:
    with outside(_serving(Reply(cut=-1))) as world, pytest.raises(Unreachable):
        _download(world, tmp_path)
    assert not [*tmp_path.iterdir()]


def test_the_async_client_downloads_too(tmp_path: Path) -> None:
    async def fetch(url: str) -> Path:
        async with AsyncClient(url) as client:
            model = await client.models.get(resources.MODEL_ID)
            return await model.download(tmp_path)

    with outside(_serving(Reply(200, _CONTENT, _HEADERS, cut=5), _WHOLE)) as world:
        assert asyncio.run(fetch(world.url)).read_bytes() == _CONTENT
