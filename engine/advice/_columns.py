"""Columns in the body of a request: where they are named, and how to leave some out."""

from collections.abc import Collection
from typing import Any

from ._context import Context
from ._sent import Patch


def place_of(context: Context, name: str) -> str:
    """Where a column is named, as target or feature; else where the dataset is."""
    for output, target in context.targets.items():
        if target.column.name == name:
            given = context.sent.section("data").get("target")
            more = (output,) if isinstance(given, dict) else ()
            return context.sent.place("data", "target", *more)
    features = context.sent.section("data").get("features") or []
    if name in features:
        return context.sent.place("data", "features", features.index(name))
    for given, feed in (context.sent.section("data").get("inputs") or {}).items():
        columns = feed.get("columns") or []
        if name in columns:
            return context.sent.place("data", "inputs", given, "columns", columns.index(name))
    return context.sent.place("data", "dataset")


def without(context: Context, names: Collection[str]) -> Patch | None:
    """The patch that leaves these features out; None where that is not safe.

    It states what remains, so that it may be applied after another one of its kind.
    """
    feeds = context.features.inputs
    hit = {given: feed for given, feed in feeds.items() if set(feed["columns"]) & set(names)}
    shaped = any(not line.made for line in context.lines("Input") if line.name in hit)
    if not hit or shaped or any(set(feed["columns"]) <= set(names) for feed in hit.values()):
        return None
    if not context.sent.section("data").get("inputs"):
        if len(feeds) != 1:
            return None
        remaining = [name for name in next(iter(feeds.values()))["columns"] if name not in names]
        place = context.sent.place("data", "features")
        return [{"op": "add", "path": place, "value": remaining}]
    return [step for given in hit for step in _shortened(context, given, names)]


def _shortened(context: Context, given: str, names: Collection[str]) -> Patch:
    """The patch that shortens the columns of an Input, and the encodings beside them."""
    sent: dict[str, Any] = context.sent.section("data")["inputs"][given]
    columns, encoding = sent["columns"], sent.get("encoding")
    kept = [place for place, name in enumerate(columns) if name not in names]
    base = ("data", "inputs", given)
    value = [columns[place] for place in kept]
    patch: Patch = [{"op": "add", "path": context.sent.place(*base, "columns"), "value": value}]
    place = context.sent.place(*base, "encoding")
    if isinstance(encoding, list):
        fewer = [encoding[place] for place in kept]
        patch.append({"op": "add", "path": place, "value": fewer})
    elif isinstance(encoding, dict) and set(encoding) & set(names):
        rest = {name: one for name, one in encoding.items() if name not in names}
        patch.append({"op": "add", "path": place, "value": rest or "auto"})
    return patch
