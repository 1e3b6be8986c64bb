"""The task `check`: everything wrong with a request, or the plan of what it would do."""

from typing import Any

from engine.binding import (
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
from engine.checking import Check, planned
from engine.dataset.schema import Schema
from engine.faults import Item
from engine.plan import (
    clean_session,
    rehearsal,
)
from engine.port import Port
from engine.stack import Findings, Limits, assemble, read
from engine.stack.operations import check_rows
from engine.stack.pointer import join
from engine.stack.precision import lower

_CODES = ("invalid-stack", "invalid-training", "data-stack-mismatch")


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
    check = Check(payload, pointers, schema, stack, found)
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
        return planned(check)


def _bind_data(check: Check) -> None:
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


def _reserved(check: Check) -> set[str]:
    """Columns that are no features: the targets; of windows, what orders and parts the series.

    The past of a series may tell its future, so its target is a feature as well.
    """
    if check.window is None:
        return {name for wish in check.wishes.values() for name in wish.names}
    return {name for name in (check.window.key, check.window.order) if name}


def _bind_weights(check: Check) -> None:
    sources = (check.payload.get("files") or {}, check.payload.get("models") or {})
    bind_weights(check.stack, check.network, *sources, check.found["invalid-stack"])


def _bind_start(check: Check) -> None:
    origin = check.payload.get("init_from")
    if origin is None:
        return
    source = (check.payload.get("models") or {}).get(origin["model"])
    findings = check.found["invalid-stack"]
    place = check.pointers["init_from"]
    check.start = bind_start(check.stack, check.network, source, place, findings)


def _bind_training(check: Check) -> None:
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
        check.payload.get("classes"),
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


def _bind_held_out(check: Check) -> None:
    data = {**check.section("data"), "inputs": check.features.inputs}
    others = check.payload.get("held_out") or {}
    place, findings = check.pointers["data"], check.found["data-stack-mismatch"]
    bind_held_out(check.schema, others, data, check.targets, place, findings)


def _try_out(check: Check) -> None:
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
