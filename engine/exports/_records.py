"""Raw records as tensors, and their encoding in TensorFlow's operations."""

import itertools
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from engine.dataset.content import Array
from engine.dataset.schema import Column
from engine.encodings._base import Encoding, missing
from engine.encodings._categories import Categorical
from engine.encodings.image import Image
from engine.encodings.raw import Raw
from engine.encodings.standard import Standard
from engine.encodings.tokens import Tokens
from engine.exports._scaling import moments
from engine.exports._subject import Subject
from engine.targets import OF_CLASSES

_WORD = r"[\p{L}\p{N}_]+(?:'[\p{L}\p{N}_]+)?"
_NUMBERS = frozenset({"number", "integer", "boolean"})
_WHOLE = 2.0**53


class Inexact(Exception):
    """Why the records of a model cannot be encoded within a graph."""


class Records:
    """The encoding of a model's records in TensorFlow's operations.

    Raises Inexact when an encoding has no exact form there.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._columns = subject.encoder.columns
        for feed in subject.encoder.feeds.values():
            for column, encoding in zip(feed.columns, feed.encodings, strict=True):
                _demand_exact(column, encoding)
        self.tables = tf.Module()
        self.tables.found = []
        self.names = _names(list(self._columns))
        self.specs = [
            _spec(subject, column, self.names[name]) for name, column in self._columns.items()
        ]
        self._steps = {
            name: [self._step(*pair) for pair in zip(feed.columns, feed.encodings, strict=True)]
            for name, feed in subject.encoder.feeds.items()
        }

    def call(self, records: dict[str, Any]) -> dict[str, Any]:
        """The network's outputs by name, and the label of each where there are classes."""
        encoded = {}
        for name, feed in self._subject.encoder.feeds.items():
            steps = self._steps[name]
            parts = [
                step(records[self.names[column.name]])
                for step, column in zip(steps, feed.columns, strict=True)
            ]
            if len({part.dtype for part in parts}) > 1:
                parts = [tf.cast(part, tf.float32) for part in parts]
            joined = parts[0] if len(parts) == 1 else tf.concat(parts, axis=-1)
            encoded[name] = self._windowed(joined)
        outputs = self._subject.call(encoded)
        return {**outputs, **self._labels(outputs)}

    def described(self) -> list[dict[str, str]]:
        """The tensors that the signature takes: of which column, under which name."""
        pairs = zip(self.names.items(), self.specs, strict=True)
        return [
            {"column": column, "name": name, "dtype": spec.dtype.name}
            for (column, name), spec in pairs
        ]

    def tensors(self, raw: dict[str, Array]) -> dict[str, Array]:
        """Raw values of a dataset as the signature takes them."""
        return {
            self.names[name]: _tensor(raw[name], column) for name, column in self._columns.items()
        }

    def _windowed(self, rows: Any) -> Any:
        window = self._subject.encoder.window
        if window is None:
            return rows
        starts = tf.range(tf.shape(rows)[0] - window.length + 1)
        return tf.gather(rows, starts[:, None] + tf.range(window.length)[None, :])

    def _labels(self, outputs: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for name, target in self._subject.encoder.targets.items():
            if target.form not in OF_CLASSES:
                continue
            flat = tf.reshape(outputs[name], [tf.shape(outputs[name])[0], -1])
            if target.form == "binary":
                border = 0.0 if target.link in ("sigmoid", "margin") else 0.5
                number = tf.cast(flat[:, 0] > border, tf.int64)
                number = tf.minimum(number, len(target.classes) - 1)
            else:
                number = tf.argmax(flat[:, : len(target.classes)], axis=-1)
            found[f"{name}_label"] = tf.gather(tf.constant(list(map(str, target.classes))), number)
        return found

    def _step(self, column: Column, encoding: Encoding) -> Callable[[Any], Any]:
        """The encoding as a function of the column's tensor."""
        if isinstance(encoding, Standard):
            return lambda x: _standard(x, encoding, column)
        if isinstance(encoding, Image):
            mean, std = moments(encoding) if encoding.scale != "none" else (0.0, 1.0)
            return lambda x: (tf.cast(x, tf.float32) - np.float32(mean)) / np.float32(std)
        if isinstance(encoding, Raw):
            return lambda x: _raw(x, encoding.dtype, column)
        if isinstance(encoding, Tokens):
            words = self._lookup(dict(zip(encoding.state()["words"], itertools.count(2))), 1)
            return lambda x: _tokens(x, words, encoding)
        places = self._places(encoding, column)
        if encoding.name == "index":
            return lambda x: tf.cast(places(x) + 1, tf.int32)[:, None]
        width = int(encoding.output(column)[0][0] or 0)
        return lambda x: tf.one_hot(places(x), width, dtype=tf.float32)

    def _places(self, encoding: Encoding, column: Column) -> Callable[[Any], Any]:
        """The place of each category as `Categorical.numbers` gives it; -1 for none."""
        state = encoding.state()
        other = state["size"] if state["shared"] else -1
        own = getattr(encoding, "missing", "zero") == "category"
        absent = state["size"] + state["shared"] if own else -1
        place = dict(zip(state["categories"], itertools.count()))
        place |= dict.fromkeys(state["unseen"], other)
        if column.kind not in _NUMBERS:
            return self._lookup({"": absent, **place}, other)
        find = self._lookup({_number(text): number for text, number in place.items()}, other)
        return lambda x: tf.where(
            tf.math.is_nan(x),
            tf.constant(absent, tf.int64),
            tf.where(tf.equal(x, tf.floor(x)), find(_whole(x)), tf.constant(other, tf.int64)),
        )

    def _lookup(self, entries: dict[Any, int], otherwise: int) -> Callable[[Any], Any]:
        """A table of strings or whole numbers; `otherwise` for what it lacks."""
        words = any(isinstance(key, str) for key in entries) or not entries
        kind = tf.string if words else tf.int64
        keys = tf.constant(list(entries), kind, [len(entries)])
        values = tf.constant(list(entries.values()), tf.int64, [len(entries)])
        initializer = tf.lookup.KeyValueTensorInitializer(keys, values)
        table = tf.lookup.StaticHashTable(initializer, otherwise)
        self.tables.found = [*self.tables.found, table]
        find: Callable[[Any], Any] = table.lookup
        return find


def _demand_exact(column: Column, encoding: Encoding) -> None:
    """Raise Inexact where TensorFlow's operations would not give the same."""
    if reason := _obstacle(column, encoding):
        raise Inexact(f"The column {column.name!r} has the encoding {encoding.name!r}, {reason}.")


def _obstacle(column: Column, encoding: Encoding) -> str | None:
    if "refuse" in (getattr(encoding, "missing", None), getattr(encoding, "unknown", None)):
        return "which refuses values, as a graph cannot"
    if isinstance(encoding, Tokens):
        return _obstacle_of_tokens(encoding)
    if isinstance(encoding, Categorical) and encoding.name in ("one_hot", "index"):
        return _obstacle_of_categories(column, encoding)
    if not isinstance(encoding, Standard | Image | Raw):
        return "which has no form in TensorFlow's operations"
    if column.kind == "tensor" and column.dtype.startswith(("str", "object")):
        return "of arrays of strings"
    return None


def _obstacle_of_tokens(encoding: Tokens) -> str | None:
    plainly = encoding.split == "words" and encoding.ngrams == 1 and not encoding.start_end_tokens
    if plainly and encoding.padding == "post" and encoding.truncation == "post":
        return None
    return "which is written only for words, padded and cut at the end, without marks"


def _obstacle_of_categories(column: Column, encoding: Categorical) -> str | None:
    if column.kind not in _NUMBERS:
        return None
    if any(abs(_number(text)) > _WHOLE for text in encoding.state()["categories"]):
        return "of whole numbers beyond what float64 tells apart"
    return None


def _number(text: str) -> int:
    return int(text == "true") if text in ("true", "false") else int(text)


def _names(columns: list[str]) -> dict[str, str]:
    """A name for each column that TensorFlow takes: letters, digits and `_`, none twice."""
    found: dict[str, str] = {}
    for column in columns:
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", column).strip("_") or "column"
        plain = plain if plain[0].isalpha() else f"c_{plain}"
        taken = {name.lower() for name in found.values()}
        tries = (plain if n == 1 else f"{plain}_{n}" for n in itertools.count(1))
        found[column] = next(name for name in tries if name.lower() not in taken)
    return found


def _spec(subject: Subject, column: Column, name: str) -> Any:
    if column.kind == "image":
        feeds = subject.encoder.feeds.values()
        pairs = [pair for feed in feeds for pair in zip(feed.columns, feed.encodings, strict=True)]
        shape = next(e.output(c)[0] for c, e in pairs if c.name == column.name)
        return tf.TensorSpec((None, *shape), tf.uint8, name=name)
    if column.kind == "tensor":
        return tf.TensorSpec((None, *(column.shape or [])), tf.float32, name=name)
    kind = tf.float64 if column.kind in _NUMBERS else tf.string
    return tf.TensorSpec((None,), kind, name=name)


def _tensor(values: Array, column: Column) -> Array:
    if column.kind == "image":
        return np.stack(list(values))
    if column.kind == "tensor":
        return values.astype(np.float32)
    absent = missing(values)
    if column.kind in _NUMBERS:
        return np.where(absent, np.nan, values).astype(np.float64)
    return np.where(absent, "", values).astype(object)


def _standard(x: Any, encoding: Standard, column: Column) -> Any:
    state = encoding.state()
    kind = tf.float32 if column.kind == "tensor" else tf.float64
    mean, std = tf.constant(state["mean"], kind), tf.constant(state["std"], kind)
    gone = tf.math.is_nan(x)
    if column.kind == "tensor":
        scaled = (x - mean) / std
        scaled = tf.where(gone, tf.zeros_like(scaled), scaled)
    else:
        scaled = (tf.where(gone, tf.constant(state["fill"], kind), x) - mean) / std
    if encoding.clip is not None:
        scaled = tf.clip_by_value(scaled, -encoding.clip, encoding.clip)
    if column.kind == "tensor":
        return scaled
    columns = [scaled, tf.cast(gone, kind)] if encoding.missing == "flag" else [scaled]
    return tf.cast(tf.stack(columns, axis=1), tf.float32)


def _raw(x: Any, dtype: str | None, column: Column) -> Any:
    shaped = x if column.kind == "tensor" else x[:, None]
    if shaped.dtype == tf.string:
        return shaped
    return tf.cast(shaped, dtype or "float32")


def _whole(x: Any) -> Any:
    return tf.cast(tf.where(tf.math.is_nan(x), tf.zeros_like(x), x), tf.int64)


def _tokens(x: Any, find: Callable[[Any], Any], encoding: Tokens) -> Any:
    """Words marked, all else thrown away, the rest cut at blanks and looked up."""
    text = tf.strings.lower(x, encoding="utf-8") if encoding.lowercase else x
    text = tf.strings.regex_replace(text, "[\x01\x02]", " ")
    text = tf.strings.regex_replace(text, f"({_WORD})", "\x01\\1\x02")
    text = tf.strings.regex_replace(text, "(^|\x02)[^\x01]*(\x01|$)", " ")
    words = tf.strings.split(tf.strings.strip(text))
    numbers = tf.ragged.map_flat_values(find, words)
    length = encoding.state()["length"]
    return tf.cast(numbers.to_tensor(0, shape=[None, length]), tf.int32)
