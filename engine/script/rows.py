"""Of a script: which rows are trained on, and which are held out."""

import inspect

from engine.dataset.windows import arranged, series_numbers, times_of
from engine.script import running
from engine.script.subject import HELD_OUT, Subject
from engine.splits import SPLITS
from engine.splits._parts import Parts, share
from engine.splits.column import WORDS
from engine.training.parts import wholly_within


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
    elif by == "time" and subject.window:
        given = "ends"
    own = subject.data
    shares = [0.0 if own.get(part) else float(settings.get(part) or 0) for part in HELD_OUT]
    seed = subject.seed if settings.get("seed") is None else int(settings["seed"])
    call = f"split_{by}({given}, len(kept), {shares[0]!r}, {shares[1]!r}, {seed})"
    if labels == "words":
        call = f"split_column({given}, {WORDS!r})"
    if subject.window:
        return _samples(subject) + _divided(call, within=by == "time", subject=subject)
    return (
        "def divide(columns):\n"
        '    """The rows of each part; those without a target or a weight are in none."""\n'
        f"    kept = complete(columns, {subject.needed!r})\n"
        f"    found = {call}\n"
        "    parts = {part: kept[getattr(found, part)] for part in PARTS}\n"
        "    return {part: rows for part, rows in parts.items() if len(rows)}\n\n"
    )


def _samples(subject: Subject) -> str:
    """The function that finds the samples of series."""
    window = subject.window
    if window is None:
        raise TypeError("the training is not on series")
    subject.need([arranged, series_numbers, times_of, running.complete])
    rows = "len(next(iter(columns.values())))"
    key = f"series_numbers(columns[{window.key!r}])"
    order = f"times_of(columns[{window.order!r}])"
    return (
        "def samples(columns):\n"
        '    """The rows in the order of series and time, the places where samples begin, the row\n'
        '    that each is to predict, the time of its first row and of that one."""\n'
        f"    series = {key if window.key else f'np.zeros({rows}, np.int64)'}\n"
        f"    times = {order if window.order else f'np.arange({rows}, dtype=np.float64)'}\n"
        f"    order, starts = arranged(series, times, {window.reach}, {window.stride})\n"
        f"    targets = order[starts + {window.reach - 1}]\n"
        f"    whole = np.isin(targets, complete(columns, {subject.needed!r}))\n"
        "    starts, targets = starts[whole], targets[whole]\n"
        "    return order, starts, targets, times[order[starts]], times[targets]\n\n\n"
    )


def _divided(call: str, *, within: bool, subject: Subject) -> str:
    own = "samples"
    if within:
        subject.need([wholly_within])
        own = "wholly_within(begins, ends, samples)"
    return (
        "def divide(columns):\n"
        '    """The rows that the samples of each part predict."""\n'
        "    _, _, kept, begins, ends = samples(columns)\n"
        f"    found = {call}\n"
        "    chosen = {part: getattr(found, part) for part in PARTS}\n"
        f"    parts = {{part: kept[{own}] for part, samples in chosen.items()}}\n"
        "    return {part: rows for part, rows in parts.items() if len(rows)}\n\n"
    )


def _embed(subject: Subject, by: str) -> None:
    """The source of a split; of `random` too, to which others turn without labels."""
    if SPLITS[by].LABELS == "words":
        subject.need([Parts, running.split_column])
        return
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
