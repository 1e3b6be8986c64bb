"""The task `check`: everything wrong with a request, or the plan of what it would do."""

from dataclasses import dataclass, field
from math import ceil
from typing import Any

from engine.advice import Context, Sent, advise, of_dataset
from engine.binding import (
    Features,
    Target,
    Training,
    Wish,
    bind_features,
    bind_start,
    bind_targets,
    bind_training,
    bind_weights,
    bind_window,
    target_columns,
    try_out,
)
from engine.binding.columns import column_of
from engine.binding.held_out import bind_held_out
from engine.binding.loss import read_losses
from engine.binding.split import bind_split, named_parts
from engine.binding.window import canonical
from engine.dataset.schema import Schema
from engine.dataset.windows import Window
from engine.faults import Fault, Item
from engine.plan import (
    architecture,
    clean_session,
    describe,
    encoded_bytes,
    estimate,
    raw_bytes,
    rehearsal,
    totals,
)
from engine.port import Port
from engine.quality import demand_sound
from engine.stack import Findings, Limits, Network, Stack, assemble, read
from engine.stack.matching import Matching
from engine.stack.objects import create
from engine.stack.operations import check_rows
from engine.stack.pointer import join
from engine.stack.precision import lower

_CODES = ("invalid-stack", "invalid-training", "data-stack-mismatch")


@dataclass
class _Check:
    """The state of one check: what was sent, what was found, what was made of it."""

    payload: dict[str, Any]
    pointers: dict[str, str]
    schema: Schema | None
    stack: Stack
    found: dict[str, Findings]
    network: Network = field(default_factory=Network)
    features: Features = field(default_factory=Features)
    wishes: dict[str, Wish] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    training: Training = field(default_factory=Training)
    window: Window | None = None
    start: Matching | None = None
    split: dict[str, Any] = field(default_factory=dict)
    rows: int | None = None

    def section(self, name: str) -> dict[str, Any]:
        """A section of the request, empty when it was left out."""
        return self.payload.get(name) or {}


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Check a request and answer its plan. Raises Fault with every error found."""
    del port
    sections = ("stack", "data", "compile", "fit", "callbacks", "resources", "init_from")
    pointers = {name: "/" + name for name in sections} | (payload.get("pointers") or {})
    limits = Limits(**(payload.get("limits") or {}))
    stack, findings = read(payload["stack"], pointers["stack"], limits)
    precision = (payload.get("fit") or {}).get("precision", "float32")
    if precision != "float32":
        lower(stack, precision)
    schema = Schema.from_json(payload["schema"]) if payload.get("schema") else None
    found = {code: Findings() for code in _CODES} | {"invalid-stack": findings}
    check = _Check(payload, pointers, schema, stack, found)
    with clean_session():
        _bind_data(check)
        with rehearsal():
            check.network = assemble(stack, findings, check.features.shapes)
            check_rows(stack, check.network.tensors, findings)
            _bind_weights(check)
            _bind_start(check)
        _bind_training(check)
        _refuse(found)
        _try_out(check)
        _refuse(found)
        return _plan(check)


def _bind_data(check: _Check) -> None:
    data, pointer, schema = check.section("data"), check.pointers["data"], check.schema
    findings = check.found["data-stack-mismatch"]
    if schema is None or not check.stack.lines:
        return
    check.wishes = target_columns(schema, check.stack, data, pointer, findings)
    check.window = bind_window(data, schema, pointer, findings)
    reserved = _reserved(check)
    weight = data.get("sample_weight")
    if weight is not None:
        column_of(weight, schema, join(pointer, "sample_weight"), findings)
        reserved.add(weight)
    check.features = bind_features(
        *(check.stack, schema, data, pointer, reserved, findings, check.found["invalid-stack"]),
        window=check.window,
    )


def _reserved(check: _Check) -> set[str]:
    """Columns that are no features: the targets; of windows, what orders and parts the series.

    The past of a series may tell its future, so its target is a feature as well.
    """
    if check.window is None:
        return {name for wish in check.wishes.values() for name in wish.names}
    return {name for name in (check.window.key, check.window.order) if name}


def _bind_weights(check: _Check) -> None:
    sources = (check.payload.get("files") or {}, check.payload.get("models") or {})
    bind_weights(check.stack, check.network, *sources, check.found["invalid-stack"])


def _bind_start(check: _Check) -> None:
    origin = check.payload.get("init_from")
    if origin is None:
        return
    source = (check.payload.get("models") or {}).get(origin["model"])
    findings = check.found["invalid-stack"]
    place = check.pointers["init_from"]
    check.start = bind_start(check.stack, check.network, source, place, findings)


def _bind_training(check: _Check) -> None:
    settings = check.found["invalid-training"]
    given = check.section("compile")
    place = join(check.pointers["compile"], "loss")
    losses = read_losses(given.get("loss", "auto"), check.stack.outputs, place, settings)
    check.targets = bind_targets(
        check.wishes,
        losses,
        check.stack,
        check.network,
        check.found["data-stack-mismatch"],
        settings,
    )
    data = check.section("data")
    check.split, check.rows = bind_split(
        data,
        check.schema,
        check.targets,
        check.pointers["data"],
        check.found["data-stack-mismatch"],
        check.window,
    )
    _bind_held_out(check)
    sections = {
        "compile": given,
        "fit": check.section("fit"),
        "callbacks": check.payload.get("callbacks") or [],
        "split": check.split,
        "validation": data.get("validation")
        or "validation" in named_parts(check.split, check.schema),
    }
    check.training = bind_training(
        check.stack, check.targets, losses, sections, check.pointers, check.rows, settings
    )


def _bind_held_out(check: _Check) -> None:
    data = {**check.section("data"), "inputs": check.features.inputs}
    others = check.payload.get("held_out") or {}
    place, findings = check.pointers["data"], check.found["data-stack-mismatch"]
    bind_held_out(check.schema, others, data, check.targets, place, findings)


def _try_out(check: _Check) -> None:
    """Try losses and metrics on made-up rows, once nothing else is wrong."""
    settings, place = check.training.compile, check.pointers["compile"]
    for output, target in check.targets.items():
        shape = tuple(check.network.tensors[output][0].shape[1:])
        several = len(check.stack.outputs) > 1
        metrics = settings["metrics"][output] if several else settings["metrics"]
        at = join(place, "metrics", output) if several else join(place, "metrics")
        target.loss.pointer = target.loss.pointer or join(place, "loss")
        try_out(target, shape, metrics, at, check.found["invalid-training"])


def _refuse(found: dict[str, Findings]) -> None:
    """Raise all errors of all kinds, under the code of the first kind that has any."""
    items: list[Item] = [item for code in _CODES for item in found[code].items]
    if not items:
        return
    everything = Findings()
    everything.items = items
    everything.refuse(next(code for code in _CODES if found[code].items))


def _plan(check: _Check) -> dict[str, Any]:
    lines = describe(check.stack, check.network)
    origin, start = check.payload.get("init_from"), check.start
    advice = _advice(check)
    sums = totals(lines)
    shapes = all(line["output_shape"] is not None for line in lines)
    batch = check.training.fit["batch_size"]
    return {
        "object": "plan",
        "shapes": shapes,
        "layers": lines,
        "parameters": sums.parameters() if shapes else dict.fromkeys(sums.parameters()),
        "memory": _memory(check, sums, batch) if shapes else None,
        "steps_per_epoch": ceil(check.rows / batch) if check.rows else None,
        "architecture": architecture(check.stack),
        "left_out": check.features.left_out,
        **({"init": {**origin, **start.to_json()}} if origin and start else {}),
        "request": _request(check),
        "advice": advice,
    }


def _advice(check: _Check) -> list[dict[str, Any]]:
    """All advice, the gravest first. Raises Fault for findings that the request does not allow."""
    context = _context(check)
    found = advise(context)
    found += of_dataset(check.payload.get("report") or [], context)
    found.sort(key=lambda one: ("error", "warning", "hint").index(one["severity"]))
    if check.section("data").get("on_findings") == "block":
        demand_sound(found, "data-findings")
    return found


def _context(check: _Check) -> Context:
    """The sound request as rules look at it; `classes` counts the values of columns, if sent."""
    names = ("stack", "data", "compile", "fit", "callbacks", "resources")
    return Context(
        sent=Sent({name: check.payload.get(name) for name in names}, check.pointers),
        stack=check.stack,
        network=check.network,
        schema=check.schema,
        features=check.features,
        targets=check.targets,
        training=check.training,
        split=check.split,
        rows=check.rows,
        classes=check.payload.get("classes") or {},
        started=frozenset(check.start.taken if check.start else ()),
        profile=check.payload.get("profile") or {},
    )


def _memory(check: _Check, sums: Any, batch: int) -> dict[str, int]:
    findings = Findings()
    optimizer = create(check.training.optimizer, findings) if check.training.optimizer else None
    if optimizer is None:
        raise Fault("invalid-training", "The optimizer cannot be made.", findings.items)
    outputs = (check.network.tensors[name][0] for name in check.stack.outputs)
    skipped = 1 if check.window else 0  # windows are gathered from rows that are held once
    inputs = [(shape[skipped:], dtype) for shape, dtype in check.features.shapes.values()]
    tensors = [*inputs, *((out.shape[1:], out.dtype) for out in outputs)]
    rows = check.schema.rows if check.schema else None
    data = encoded_bytes(tensors, rows, raw_bytes(check.schema, check.features.inputs))
    return estimate(list(check.network.layers.values()), sums, optimizer, batch, data)


def _request(check: _Check) -> dict[str, Any]:
    """The body with every default filled in; checking it again gives itself."""
    data = None
    if check.schema is not None:
        sent = check.section("data")
        wishes = {output: wish.to_json() for output, wish in check.wishes.items()}
        data = {
            **{key: value for key, value in sent.items() if key != "features"},
            "target": next(iter(wishes.values())) if len(wishes) == 1 else wishes,
            "inputs": check.features.inputs,
            "sample_weight": sent.get("sample_weight"),
            "window": canonical(check.window),
            "split": check.split,
            "validation": sent.get("validation"),
            "test": sent.get("test"),
            "on_findings": sent.get("on_findings", "warn"),
        }
    defaults = {"gpus": "auto", "max_seconds": 86_400, "max_wait_seconds": None, "on_oom": "auto"}
    return {
        "data": data,
        "stack": check.stack.to_json(),
        "compile": check.training.compile,
        "fit": check.training.fit,
        "callbacks": check.training.callbacks,
        "resources": defaults | check.section("resources"),
        **({"init_from": origin} if (origin := check.payload.get("init_from")) else {}),
    }
