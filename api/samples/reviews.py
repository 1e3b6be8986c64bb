"""Reviews of restaurants."""

import csv
import io
import random
from collections.abc import Iterator

from api.samples._base import Sample

_THINGS = (
    "soup", "bread", "service", "wine list", "terrace", "fish", "dessert", "coffee", "menu",
    "waiter", "pasta", "music", "salad", "kitchen", "view", "breakfast",
)  # fmt: skip
_GOOD = (
    "wonderful", "fresh", "friendly", "delicious", "excellent", "charming", "perfect", "generous",
    "lovely", "warm",
)  # fmt: skip
_BAD = (
    "terrible", "stale", "rude", "bland", "awful", "dirty", "slow", "overpriced", "greasy", "cold",
)  # fmt: skip
_GOOD_ENDS = (
    "We will come back.", "Worth every cent.", "I recommend it to everybody.",
    "The evening flew by.", "Our new favourite place.",
)  # fmt: skip
_BAD_ENDS = (
    "We will not come back.", "A waste of money.", "I cannot recommend it to anybody.",
    "We left early.", "Never again.",
)  # fmt: skip
_BEGINNINGS = (
    "We came on a Friday.", "A table by the window.", "My sister chose the place.",
    "We were six people.", "It was raining.", "Lunch with colleagues.", "Our second visit.",
    "We had booked a week before.",
)  # fmt: skip
_NOT_BAD = ("not {} at all", "never {}", "anything but {}")


class Reviews(Sample):
    """Short texts and whether they praise."""

    title = "Restaurant reviews"
    summary = "Texts: whether a review praises or complains; some words are turned by a “not”."
    filename = "reviews.csv"
    rows = 600
    target = "sentiment"
    source = "made up by this service, by a rule"
    licence = "CC0-1.0"

    @classmethod
    def content(cls) -> bytes:
        """A CSV with the columns `text` and `sentiment`."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["text", "sentiment"])
        writer.writerows(_rows(random.Random(7), cls.rows))  # noqa: S311 - guards nothing
        return text.getvalue().encode()


def _rows(chance: random.Random, count: int) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    while len(seen) < count:
        praises = len(seen) % 2 == 0
        text = _review(chance, praises)
        if text not in seen:
            seen.add(text)
            yield text, "praise" if praises else "complaint"


def _review(chance: random.Random, praises: bool) -> str:
    first, second, third = chance.sample(_THINGS, 3)
    parts = [
        chance.choice(_BEGINNINGS),
        f"The {first} was {_judged(chance, praises)} and the {second} {_judged(chance, praises)}.",
    ]
    if chance.random() < 0.3:  # nothing is all good or all bad
        parts.append(f"Only the {third} was {_judged(chance, not praises)}.")
    if chance.random() < 0.5:
        parts.append(chance.choice(_GOOD_ENDS if praises else _BAD_ENDS))
    return " ".join(parts)


def _judged(chance: random.Random, praises: bool) -> str:
    """A word of praise or complaint; at times the contrary of the other."""
    if chance.random() < 0.15:
        return chance.choice(_NOT_BAD).format(chance.choice(_BAD if praises else _GOOD))
    return chance.choice(_GOOD if praises else _BAD)
