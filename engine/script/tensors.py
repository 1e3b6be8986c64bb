"""Of a script: from columns to what the network takes and learns."""

from engine.dataset.encoder import Feed
from engine.dataset.windows import Window
from engine.encodings.log import signed_log
from engine.script import running
from engine.script.pieces import PIECES, image
from engine.script.refusal import refused
from engine.script.subject import Subject
from engine.targets import OF_CLASSES, TargetEncoding
from engine.targets._base import spelled
from engine.targets.multi_label import MultiLabel
from engine.targets.number import Number


def encode(subject: Subject) -> str:
    """The function that encodes rows; it brings the source of the encodings along."""
    subject.need([running.together])
    feeds, targets = subject.encoder.feeds, subject.encoder.targets
    inputs = {name: _input(subject, feed) for name, feed in feeds.items()}
    lines = [
        "def encode(columns, rows, training):",
        '    """Inputs, targets and, where rows count differently, weights of these rows."""',
        "    given = {name: values[rows] for name, values in columns.items()}",
        *(_windowed(subject.window) if subject.window else ["    seen = given"]),
        f"    x = {_folded({name: _sampled(subject, one) for name, one in inputs.items()})}",
        f"    y = {_folded({name: _output(subject, one) for name, one in targets.items()})}",
        *_weights(subject),
    ]
    return "\n".join(lines) + "\n\n"


def _windowed(window: Window) -> list[str]:
    """The rows of the samples that predict `rows`, and the columns in the order of time."""
    return [
        "    order, starts, targets, _, _ = samples(columns)",
        "    place = dict(zip(targets.tolist(), starts.tolist(), strict=True))",
        "    starts = np.array([place[row] for row in rows.tolist()], np.int64)",
        f"    within = starts[:, None] + np.arange({window.length})",
        "    seen = {name: values[order] for name, values in columns.items()}",
    ]


def _sampled(subject: Subject, tensor: str) -> str:
    return f"{tensor}[within]" if subject.window else tensor


def _folded(parts: dict[str, str]) -> str:
    """One tensor as it is, several as a dict by name."""
    if len(parts) == 1:
        return next(iter(parts.values()))
    inner = "".join(f"        {name!r}: {value},\n" for name, value in parts.items())
    return "{\n" + inner + "    }"


def _input(subject: Subject, feed: Feed) -> str:
    parts = []
    for column, encoding in zip(feed.columns, feed.encodings, strict=True):
        piece = PIECES.get(encoding.name)
        if piece is None:
            known = ", ".join(PIECES)
            raise refused(
                f"{column.name!r} has the encoding {encoding.name}, and scripts know {known}"
            )
        subject.need([*piece.NEEDS, getattr(piece, encoding.name)])
        arguments = piece.arguments(encoding)
        told = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
        parts.append(f"{encoding.name}(seen[{column.name!r}], {told})")
    return "together(\n        [" + ",\n         ".join(parts) + "]\n    )"


def _output(subject: Subject, target: TargetEncoding) -> str:
    if target.form in OF_CLASSES or target.form == "ordinal":
        return _classes(subject, target)
    if target.image:
        subject.need([*image.NEEDS, image.image])
        fitted = f"{target.image!r}, 'unit', 'stretch', 'bilinear', [], []"
        return f"image(given[{target.column!r}], {fitted})"
    if isinstance(target.way, MultiLabel):
        return _labels(subject, target, target.way)
    if isinstance(target.way, Number):
        return _number(subject, target, target.way)
    raise refused(f"its target is learned by the way {target.way.name}")


def _classes(subject: Subject, target: TargetEncoding) -> str:
    """One class for each row, as number, vector, 0 and 1, or steps of an order."""
    subject.need([running.class_numbers])
    numbers = _numbers(target)
    if target.form == "binary":
        return f"{numbers}.astype(np.float32)[:, None]"
    if target.form == "one_hot":
        return f"np.eye({len(target.classes)}, dtype=np.float32)[{numbers}]"
    if target.form == "ordinal":
        subject.need([running.steps_of])
        return f"steps_of({numbers}, {len(target.classes)})"
    return numbers


def _labels(subject: Subject, target: TargetEncoding, way: MultiLabel) -> str:
    """Any number of labels: columns that each tell of one, or a text that lists them."""
    columns = [subject.schema.column(name) for name in target.columns]
    if all(column.kind == "boolean" for column in columns):
        listed = ", ".join(f"given[{column.name!r}]" for column in columns)
        return f"np.stack([{listed}], axis=1).astype(np.float32)"
    subject.need([running.labels_in])
    labels = [spelled(label) for label in target.classes]
    return f"labels_in(given[{target.column!r}], {labels!r}, {way.between!r})"


def _number(subject: Subject, target: TargetEncoding, way: Number) -> str:
    """Numbers, scaled where that was asked for, or an array of them."""
    column = subject.schema.column(target.column)
    if not column.flat:
        whole = column.dtype.startswith(("int", "uint"))
        return f"given[{column.name!r}].astype(np.{'int32' if whole else 'float32'})"
    listed = ", ".join(f"given[{name!r}]" for name in target.columns)
    stacked = f"np.stack([{listed}], axis=1).astype(np.float64)"
    scale, mean, std = way.scaling
    if scale == "log":
        subject.need([signed_log])
        stacked = f"signed_log({stacked})"
    if scale != "none":
        stacked = f"(({stacked} - np.array({mean!r})) / np.array({std!r}))"
    return f"{stacked}.astype(np.float32)"


def _numbers(target: TargetEncoding) -> str:
    classes = [spelled(label) for label in target.classes]
    return f"class_numbers(given[{target.columns[0]!r}], {classes!r})"


def _weights(subject: Subject) -> list[str]:
    """The last lines: how much each row counts, by output, where that is not the same for all."""
    column, wanted = subject.data.get("sample_weight"), subject.fit.get("class_weight")
    targets = subject.encoder.targets
    lines = ["    weights = {}"]
    if column:
        read = f"given[{column!r}].astype(np.float32)"
        lines.append(f"    weights = dict.fromkeys({list(targets)!r}, {read})")
    for name, one in targets.items() if wanted else ():
        if one.form in OF_CLASSES:
            subject.need([running.class_factors])
            classes = [spelled(label) for label in one.classes]
            factors = f"class_factors({_numbers(one)}, {classes!r}, {wanted!r})"
            before = f"weights.get({name!r}, np.float32(1))"
            lines += ["    if training:", f"        weights[{name!r}] = {before} * {factors}"]
    if len(lines) == 1:
        return ["    return x, y"]
    last = f"weights[{next(iter(targets))!r}]" if len(targets) == 1 else "weights"
    return [*lines, f"    return (x, y, {last}) if weights else (x, y)"]
