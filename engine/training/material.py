"""The encoded data of a training: found in the cache, or made and kept there.

What is small is held in memory. What is large is encoded in chunks to disk, into the cache or
else into the training's own folder, and stays there: a training then holds some chunks of it,
however large it is.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import Draft, Entry, Mapped, room
from engine.dataset.content import Array
from engine.dataset.encoder import Encoder
from engine.dataset.windows import Layout, Window, Windows
from engine.port import Port
from engine.training import encoding, recipe
from engine.training.keeping import Shelf, described, restored
from engine.training.parts import Division, Source, divide
from engine.training.room import expected_bytes
from engine.training.tensors import Tensors, Values, encode, inputs, lasts, row_weights

WORTH_SECONDS = 0.05
"""Data that is encoded in less time is made anew each time, which is quicker than to keep it."""


@dataclass
class Found:
    """How the data was come by, as the job tells of it."""

    cached: bool = False
    """Whether it had been encoded before, for another job or attempt."""
    streamed: bool = False
    """Whether it stays on disk."""
    bytes: int = 0
    seconds: float = 0.0


class Material:
    """The division of a train payload and its encoded rows; fits the encoder by the way."""

    def __init__(
        self,
        payload: dict[str, Any],
        encoder: Encoder,
        targets: list[str],
        blank: frozenset[str],
        port: Port,
    ) -> None:
        self._payload, self._encoder, self._port = payload, encoder, port
        self._request = payload["request"]
        self._shelf = Shelf(payload, port)
        self._key = recipe.inputs_key(payload, targets, blank) if payload.get("cache") else ""
        encoder.window = Window.of_request(self._request["data"])
        self.found, self._kept = Found(), False
        self.x: dict[str, dict[str, Values]] = {}
        began = time.monotonic()
        with self._shelf.alone(self._key):
            entry = self._shelf.find(self._key)
            if entry is None:
                self.division = self._make(targets, blank)
            else:
                self.division = self._take(entry)
        self.found.seconds = time.monotonic() - began

    def tensors(self) -> dict[str, Tensors]:
        """The tensors of every part that has rows, once the encoder knows its targets."""
        began = time.monotonic()
        encodings = {name: one.to_json() for name, one in self._encoder.targets.items()}
        key = self._key and recipe.targets_key(self._key, self._request, encodings)
        with self._shelf.alone(key):
            entry = self._shelf.find(key)
            parts = self._made_tensors(key) if entry is None else self._taken_tensors(entry)
        self.found.seconds = round(self.found.seconds + time.monotonic() - began, 6)
        return parts

    def close(self) -> None:
        """The training is over: what was kept of it may be removed."""
        self._shelf.close()

    def findings(self, look: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        """What `look` finds in the division, which is looked at once for all jobs."""
        key = self._key and recipe.findings_key(self._key, self._request["data"])
        entry = self._shelf.find(key) if self.found.cached else None
        if entry is not None:
            self._shelf.retain(entry)
            kept: list[dict[str, Any]] = entry.told["findings"]
            return kept
        found = look()
        if self.found.cached or self._kept:
            self._shelf.keep(key, {}, {"findings": found})
        return found

    def _make(self, targets: list[str], blank: frozenset[str]) -> Division:
        """Divide, learn, encode; keep it where that is worth the while."""
        began = time.monotonic()
        large = expected_bytes(self._payload, self._encoder) > room.HELD_BYTES
        division = divide(self._payload, targets, blank, preload=not large)
        training = division.parts["training"]
        if large:
            encoding.fit(self._encoder, training)
        else:
            self._encoder.fit(training.dataset, training.seen)
        entry = self._streamed(division) if large else None
        if entry is not None:
            self._take(entry, division)
            self.found.cached, self._kept = False, True
            return division
        self.x = {
            part: inputs(source, self._encoder)
            for part, source in division.parts.items()
            if len(source.rows)
        }
        self.found.bytes = sum(values.nbytes for x in self.x.values() for values in x.values())
        if time.monotonic() - began >= WORTH_SECONDS:
            arrays, told = described(division, self._encoder)
            for part, x in self.x.items():
                for number, values in enumerate(x.values()):
                    base = values.base if isinstance(values, Windows) else values
                    arrays[f"x/{part}/{number}"] = np.asarray(base)
            self._kept = True
            self._shelf.keep(self._key, arrays, told)
        return division

    def _streamed(self, division: Division) -> Entry | None:
        """Encode to disk; None where the disk has no room, or strings cannot lie there."""
        encode, names = encoding.inputs_of(self._encoder)
        arrays, told = described(division, self._encoder)
        places = {part: _places(one) for part, one in division.parts.items() if len(one.rows)}
        training = division.parts["training"]
        example = encoding.sample(training.dataset, training.seen, encode, names)
        each = sum(values.nbytes for values in example.values())
        layout = {name: (array.shape, array.dtype) for name, array in arrays.items()}
        for part, rows in places.items():
            for number, values in enumerate(example.values()):
                layout[f"x/{part}/{number}"] = ((len(rows), *values.shape[1:]), values.dtype)

        def fill(draft: Draft) -> Iterator[int]:
            for name, array in arrays.items():
                draft.write(name, array)
            yield from self._filled(draft, "x", division, places, (encode, names, each))

        return self._shelf.make(self._key, layout, fill, told)

    def _filled(
        self, draft: Draft, kind: str, division: Division, places: dict[str, Array], how: Any
    ) -> Iterator[int]:
        """In the order of the file; of windows in that of the series."""
        if self._encoder.window is None:
            return encoding.fill(draft, kind, division, *how)
        return encoding.fill_places(draft, kind, division, places, *how)

    def _take(self, entry: Entry, division: Division | None = None) -> Division:
        """The division and the inputs of an entry; the encoder knows what it had learned."""
        take = self._shelf.taker(entry)
        for feed, states in zip(self._encoder.feeds.values(), entry.told["states"], strict=True):
            for one, state in zip(feed.encodings, states, strict=True):
                one.restore(state)
        division = division or restored(self._payload, entry, take)
        names = list(self._encoder.feeds)
        for part, source in division.parts.items():
            if len(source.rows):
                arrays = [take(f"x/{part}/{number}") for number in range(len(names))]
                self.x[part] = {
                    name: _windowed(array, source.layout)
                    for name, array in zip(names, arrays, strict=True)
                }
        self.found.cached, self.found.bytes = True, entry.bytes
        self.found.streamed = entry.bytes > room.HELD_BYTES
        return division

    def _made_tensors(self, key: str) -> dict[str, Tensors]:
        began = time.monotonic()
        if self.found.streamed:
            entry = self._streamed_targets(key)
            if entry is not None:
                return self._taken_tensors(entry)
        parts = {
            part: encode(
                *(self.division.parts[part], self._encoder, self._request, x, part == "training")
            )
            for part, x in self.x.items()
        }
        if self.found.cached or time.monotonic() - began >= WORTH_SECONDS:
            self._shelf.keep(key, _beside(parts), {"sets": _sets(parts)})
        return parts

    def _streamed_targets(self, key: str) -> Entry | None:
        encode, names = encoding.outputs_of(self._encoder)
        training = self.division.parts["training"]
        example = encoding.sample(training.dataset, training.rows, encode, names)
        beside = {
            part: Tensors(
                self.x[part],
                {},
                row_weights(source, self._encoder, self._request, part == "training"),
                lasts(source, self._encoder),
            )
            for part, source in self.division.parts.items()
            if part in self.x
        }
        arrays = _beside(beside)
        layout = {name: (array.shape, array.dtype) for name, array in arrays.items()}
        for part in beside:
            rows = len(self.division.parts[part].rows)
            for number, values in enumerate(example.values()):
                layout[f"y/{part}/{number}"] = ((rows, *values.shape[1:]), values.dtype)
        each = sum(values.nbytes for values in example.values())

        def fill(draft: Draft) -> Iterator[int]:
            for name, array in arrays.items():
                draft.write(name, array)
            rows = {part: self.division.parts[part].rows for part in beside}
            yield from self._filled(draft, "y", self.division, rows, (encode, names, each))

        sets = {**_sets(beside), "y": list(example)}
        return self._shelf.make(key, layout, fill, {"sets": sets})

    def _taken_tensors(self, entry: Entry) -> dict[str, Tensors]:
        take = entry.viewed if self.found.streamed else entry.held
        self._shelf.retain(entry)
        sets, there = entry.told["sets"], set(entry.names)

        def group(kind: str, part: str) -> dict[str, Array]:
            named = {f"{kind}/{part}/{number}": name for number, name in enumerate(sets[kind])}
            return {name: take(key) for key, name in named.items() if key in there}

        return {
            part: Tensors(x, group("y", part), group("weights", part), group("last", part))
            for part, x in self.x.items()
        }


def _beside(parts: dict[str, Tensors]) -> dict[str, Array]:
    """Targets, weights and last values of all parts, by the names that they have on disk."""
    found = {}
    for part, tensors in parts.items():
        for kind, group in (("y", tensors.y), ("weights", tensors.weights), ("last", tensors.last)):
            for number, values in enumerate(group.values()):
                found[f"{kind}/{part}/{number}"] = np.asarray(values)
    return found


def _sets(parts: dict[str, Tensors]) -> dict[str, list[str]]:
    """The names of the outputs that have targets, weights and last values, in their order."""
    sets: dict[str, list[str]] = {"y": [], "weights": [], "last": []}
    for tensors in parts.values():
        for kind, group in (("y", tensors.y), ("weights", tensors.weights), ("last", tensors.last)):
            sets[kind] = sets[kind] or list(group)
    return sets


def _windowed(array: Array | Mapped, layout: Layout | None) -> Values:
    if layout is None:
        return array
    return Windows(array, layout.starts - layout.starts.min(), layout.window.length)  # type: ignore[arg-type]


def _places(source: Source) -> Array:
    """The rows that are encoded: those of the part, of windows those that they reach over."""
    if source.layout is None:
        return source.rows
    starts = source.layout.starts
    return source.layout.order[int(starts.min()) : int(starts.max()) + source.layout.window.length]
