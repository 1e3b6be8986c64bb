"""Of a script: which rows are trained on, and which are held out."""

import inspect

from engine.script import network, running
from engine.script.subject import HELD_OUT, Subject
from engine.splits import SPLITS
from engine.splits._parts import Parts, share


def divide(subject: Subject) -> str:
    """The function that divides the rows; it brings the source of the split along."""
    settings = subject.data.get("split") or {}
    target = next(iter(subject.encoder.targets.values())).columns[0]
    by = settings.get("by") or "auto"
    if by == "auto":
        kind = subject.schema.column(target).kind
        by = "stratified" if kind in ("category", "boolean") else "random"
    labels = SPLITS[by].LABELS
    _embed(subject, by)
    column = target if labels == "classes" else settings.get("column")
    given = "None"
    if labels != "none" and column:
        subject.need([running.labels_of])
        given = f"labels_of(columns[{column!r}][kept], {labels!r})"
    own = subject.data
    shares = [0.0 if own.get(part) else float(settings.get(part) or 0) for part in HELD_OUT]
    seed = subject.seed if settings.get("seed") is None else int(settings["seed"])
    return (
        "def divide(columns):\n"
        '    """The rows of each part; those without a target or a weight are in none."""\n'
        f"    kept = complete(columns, {subject.needed!r})\n"
        f"    found = split_{by}({given}, len(kept), {shares[0]!r}, {shares[1]!r}, {seed})\n"
        "    parts = {part: kept[getattr(found, part)] for part in PARTS}\n"
        "    return {part: rows for part, rows in parts.items() if len(rows)}\n\n"
    )


def _embed(subject: Subject, by: str) -> None:
    """The source of a split; of `random` too, to which others turn without labels."""
    if SPLITS[by].LABELS == "words":
        raise network.refused("its rows are divided by the words of a column")
    subject.need([Parts, share])
    for name in ("random", by):
        module = SPLITS[name]
        for helper in vars(module).values():
            own = inspect.isfunction(helper) and helper.__module__ == module.__name__
            if own and helper.__name__ != "split":
                subject.need([helper])
        source = inspect.getsource(module.split)
        source = source.replace("def split(", f"def split_{name}(")
        subject.put(f"split_{name}", source.replace("random.split(", "split_random("))
