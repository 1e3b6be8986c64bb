"""The plan: what a sound request would do."""

from math import ceil
from typing import Any

from engine.advice import Context, Sent, advise, of_dataset
from engine.binding.window import canonical
from engine.checking.check import Check
from engine.faults import Fault
from engine.plan import architecture, describe, encoded_bytes, estimate, raw_bytes, totals
from engine.quality import demand_sound
from engine.stack import Findings
from engine.stack.objects import create


def planned(check: Check) -> dict[str, Any]:
    """The plan of a sound request. Raises Fault for findings that the request does not allow."""
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


def _advice(check: Check) -> list[dict[str, Any]]:
    """All advice, the gravest first. Raises Fault for findings that the request does not allow."""
    context = _context(check)
    found = advise(context)
    found += of_dataset(check.payload.get("report") or [], context)
    found.sort(key=lambda one: ("error", "warning", "hint").index(one["severity"]))
    if check.section("data").get("on_findings") == "block":
        demand_sound(found, "data-findings")
    return found


def _context(check: Check) -> Context:
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


def _memory(check: Check, sums: Any, batch: int) -> dict[str, int]:
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


def _request(check: Check) -> dict[str, Any]:
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
