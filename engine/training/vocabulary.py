"""Which word stands behind each row of an Embedding."""

from dataclasses import dataclass
from typing import Any

from engine.dataset.encoder import Encoder
from engine.encodings._base import Encoding
from engine.faults import Fault

_LOOKUPS = ("TextVectorization", "StringLookup", "IntegerLookup")


@dataclass(frozen=True)
class Vocabulary:
    """Words by row, and the rows that stand for padding (or missing) and for other words."""

    words: dict[int, str]
    padding: int | None = None
    unknown: int | None = None

    def rows_of(self, words: list[str]) -> set[int]:
        """The rows of these words."""
        wanted = set(words)
        return {row for row, word in self.words.items() if word in wanted}

    def labels(self, rows: int) -> list[str]:
        """What each of so many rows stands for; the number itself where that is not known."""
        known = dict(self.words)
        if self.padding is not None:
            known[self.padding] = ""
        if self.unknown is not None:
            known[self.unknown] = "[UNK]"
        return [known.get(row, str(row)) for row in range(rows)]


def find_vocabulary(
    network: Any, stack: dict[str, Any], line: dict[str, Any], encoder: Encoder
) -> Vocabulary | None:
    """The vocabulary of what feeds an Embedding: an encoding, or a layer that looks words up."""
    source = _source(stack, line)
    if source is None:
        return None
    if source["class_name"] == "Input":
        feed = encoder.feeds.get(source["name"])
        return _of_encoding(feed.encodings[0]) if feed and len(feed.encodings) == 1 else None
    if source["class_name"] in _LOOKUPS:
        return _of_lookup(network.get_layer(source["name"]))
    return None


def vocabulary_of(
    network: Any, stack: dict[str, Any], line: dict[str, Any], encoder: Encoder
) -> Vocabulary:
    """As `find_vocabulary`. Raises Fault("data-error") when there is none."""
    found = find_vocabulary(network, stack, line, encoder)
    if found is None:
        raise Fault(
            "data-error",
            f"Word vectors need to know the words behind the rows of {line['name']!r}: feed it from"
            " an Input with the encoding 'tokens' or 'index', or from a TextVectorization or"
            " StringLookup.",
        )
    return found


def _source(stack: dict[str, Any], line: dict[str, Any]) -> dict[str, Any] | None:
    layers = stack["layers"]
    place = layers.index(line)
    given = line.get("inputs") or (layers[place - 1]["name"] if place else None)
    return next((one for one in layers if one["name"] == given), None)


def _of_encoding(encoding: Encoding) -> Vocabulary | None:
    words = encoding.vocabulary()
    return None if words is None else Vocabulary(words, padding=0, unknown=encoding.other)


def _of_lookup(layer: Any) -> Vocabulary:
    """Keras lists padding (the empty mask) and unknown words first, where the layer has them."""
    words = [str(word) for word in layer.get_vocabulary()]
    special = {place: word for place, word in enumerate(words[:2]) if word in ("", "[UNK]", "-1")}
    return Vocabulary(
        {place: word for place, word in enumerate(words) if place not in special},
        padding=next((place for place, word in special.items() if word == ""), None),
        unknown=next((place for place, word in special.items() if word != ""), None),
    )
