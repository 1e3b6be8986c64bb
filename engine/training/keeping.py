"""Where a training keeps encoded data: in the cache of the host, or in its own folder."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from engine.arrays import Cache, Draft, Entry, Mapped, room
from engine.dataset.canonical import Dataset
from engine.dataset.content import Array
from engine.dataset.encoder import Encoder
from engine.dataset.schema import Schema
from engine.dataset.windows import Layout, Window
from engine.port import Port
from engine.training.parts import HELD_OUT, Division, Source

Fill = Callable[[Draft], Iterator[int]]
Take = Callable[[str], Any]
_SILENCE = 30.0
"""Seconds after which a long encoding says that it goes on."""


class Shelf:
    """The cache of a train payload, if it has one, and the training's own folder."""

    def __init__(self, payload: dict[str, Any], port: Port) -> None:
        given = payload.get("cache")
        self._cache = Cache(Path(given["dir"]), int(given["bytes"])) if given else None
        self._own = Cache(Path(payload["out"]) / "arrays", 1 << 62)
        self._port = port
        self._retained: list[Entry] = []

    def alone(self, key: str) -> AbstractContextManager[None]:
        """While this lasts nobody else makes this entry."""
        return self._cache.alone(key) if self._cache else nullcontext()

    def find(self, key: str) -> Entry | None:
        """The entry of the cache."""
        return self._cache.find(key) if self._cache else None

    def keep(self, key: str, arrays: dict[str, Array], told: dict[str, Any]) -> None:
        """Put arrays into the cache; that there is no room for them is no matter."""
        if self._cache is None or any(array.dtype.hasobject for array in arrays.values()):
            return

        def fill(draft: Draft) -> Iterator[int]:
            for name, array in arrays.items():
                draft.write(name, array)
            yield 0

        layout = {name: (array.shape, array.dtype) for name, array in arrays.items()}
        entry = self._made(self._cache, key, layout, fill, told)
        if entry is not None:
            entry.close()

    def make(
        self, key: str, layout: dict[str, Any], fill: Fill, told: dict[str, Any]
    ) -> Entry | None:
        """An entry that `fill` fills: of the cache, else of the own folder, else None."""
        if any(np.dtype(dtype).hasobject for _, dtype in layout.values()):
            return None
        for cache in filter(None, (self._cache, self._own)):
            entry = self._made(cache, key or uuid4().hex, layout, fill, told)
            if entry is not None:
                return entry
        detail = "There is no room on the disk for the encoded data; it is held in memory."
        self._port.emit("warning", code="storage-full", detail=detail)
        return None

    def taker(self, entry: Entry) -> Take:
        """How the arrays of an entry are taken: into memory, or mapped where that is too much."""
        self.retain(entry)
        return entry.held if entry.bytes <= room.HELD_BYTES else entry.mapped

    def retain(self, entry: Entry) -> None:
        """Keep an entry from being removed while this training lasts."""
        self._retained.append(entry)

    def close(self) -> None:
        """Let entries be removed; arrays that are still in use stay readable."""
        for entry in self._retained:
            entry.close()

    def _made(
        self, cache: Cache, key: str, layout: dict[str, Any], fill: Fill, told: dict[str, Any]
    ) -> Entry | None:
        try:
            draft = cache.draft(layout)
        except OSError:
            return None
        said = time.monotonic()
        try:
            for done in fill(draft):
                if time.monotonic() - said > _SILENCE:
                    said = time.monotonic()
                    self._port.emit("encoding", rows=done)
            draft.finish(told)
            return cache.publish(key, draft)
        except OSError:
            draft.discard()
            return None
        except BaseException:
            draft.discard()
            raise
        finally:
            draft.close()


def described(division: Division, encoder: Encoder) -> tuple[dict[str, Array], dict[str, Any]]:
    """A division as arrays, and what the encoder has learned."""
    arrays: dict[str, Array] = {}
    roles = {}
    main = division.parts["training"].dataset
    for part, source in division.parts.items():
        arrays[f"rows/{part}"] = source.rows
        roles[part] = "main" if source.dataset is main else part
        if source.layout is not None:
            arrays[f"starts/{part}"] = source.layout.starts
            arrays[f"order/{roles[part]}"] = source.layout.order
            arrays[f"times/{roles[part]}"] = source.layout.times
    states = [[one.state() for one in feed.encodings] for feed in encoder.feeds.values()]
    return arrays, {"left_out": division.left_out, "roles": roles, "states": states}


def restored(payload: dict[str, Any], entry: Entry, take: Take) -> Division:
    """The division of an entry that `described` described."""
    main = Dataset(Path(payload["data"]), Schema.from_json(payload["schema"]))
    window = Window.of_request(payload["request"]["data"])
    parts = {}
    for part, role in entry.told["roles"].items():
        dataset = main if role == "main" else _other(payload, part)
        layout = None
        if window is not None:
            order, times = (_plain(take(f"{kind}/{role}")) for kind in ("order", "times"))
            layout = Layout(window, order, _plain(take(f"starts/{part}")), times)
        parts[part] = Source(dataset, _plain(take(f"rows/{part}")), layout)
    return Division({part: parts[part] for part in ("training", *HELD_OUT)}, entry.told["left_out"])


def _other(payload: dict[str, Any], part: str) -> Dataset:
    given = payload[f"{part}_data"]
    return Dataset(Path(given["dir"]), Schema.from_json(given["schema"]))


def _plain(values: Array | Mapped) -> Array:
    return np.asarray(values)
