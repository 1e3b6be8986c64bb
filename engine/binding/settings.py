"""Training settings: optimizer, metrics, fit and callbacks, with every default filled in."""

from dataclasses import dataclass, field
from typing import Any

from engine.catalog import suggestions
from engine.stack import Findings, Spec, Stack, read_object
from engine.stack.objects import create
from engine.stack.pointer import join
from engine.targets import OF_CLASSES

from . import execution
from .callbacks import read_callbacks
from .goals import read_goals
from .loss import Loss
from .metrics import read_metrics
from .rates import check_rate
from .target import Target

FIELDS = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics", *execution.FIELDS)
_LARGE = 20_000
_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")


@dataclass
class Training:
    """Canonical `compile`, `fit` and `callbacks`, and the optimizer as a spec."""

    compile: dict[str, Any] = field(default_factory=dict)
    fit: dict[str, Any] = field(default_factory=dict)
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    optimizer: Spec | None = None


def check_fields(given: dict[str, Any], pointer: str, findings: Findings) -> None:
    """Note unknown members of `compile`."""
    for name in given:
        if name not in FIELDS:
            close = suggestions(name, list(FIELDS))
            detail = f"'compile' has no field {name[:100]!r}; it has {', '.join(FIELDS)}."
            findings.add(join(pointer, name), "unknown-field", detail, close)


def read_optimizer(given: Any, stack: Stack, pointer: str, findings: Findings) -> Spec | None:
    """The optimizer asked for; by default RMSprop for recurrent stacks and Adam for others."""
    if given is None or given == "auto":
        given = "rmsprop" if _recurrent(stack) else "adam"
    spec = read_object("optimizers", given, pointer, findings)
    if spec is not None and create(spec, findings) is None:
        return None
    check_rate(spec, findings)
    return spec


def _recurrent(stack: Stack) -> bool:
    def inside(value: Any) -> bool:
        if isinstance(value, Spec):
            named = value.entry.kind == "layers" and value.entry.name in _RECURRENT
            return named or any(inside(member) for member in value.arguments.values())
        return isinstance(value, list) and any(inside(member) for member in value)

    return any(inside(line.spec) for line in stack.lines)


def bind_training(
    stack: Stack,
    targets: dict[str, Target],
    losses: dict[str, Loss | None],
    sections: dict[str, Any],
    pointers: dict[str, str],
    training_rows: int | None,
    findings: Findings,
) -> Training:
    """Fill in everything about training. `sections` holds compile, fit, callbacks and split."""
    given, place = sections["compile"], pointers["compile"]
    check_fields(given, place, findings)
    training = Training()
    training.optimizer = read_optimizer(
        given.get("optimizer"), stack, join(place, "optimizer"), findings
    )
    forms = {name: target.form for name, target in targets.items()}
    settled = {
        name: targets[name].loss if name in targets else loss for name, loss in losses.items()
    }
    metrics, weighted = (
        read_metrics(given.get(name, default), stack.outputs, forms, join(place, name), findings)
        for name, default in (("metrics", "auto"), ("weighted_metrics", []))
    )
    training.compile = {
        "optimizer": training.optimizer.to_json(full=True) if training.optimizer else None,
        "loss": _folded({name: _loss_json(loss) for name, loss in settled.items()}),
        "loss_weights": _loss_weights(given, stack, join(place, "loss_weights"), findings),
        "metrics": _folded(metrics),
        "weighted_metrics": _folded(weighted),
        **execution.read_execution(given, place, findings),
    }
    training.fit = _fit(sections["fit"], targets, pointers["fit"], training_rows, findings)
    keys = _log_keys(stack.outputs, metrics, weighted)
    validated = bool(sections["split"].get("validation")) or bool(sections["validation"])
    training.fit |= read_goals(sections["fit"], pointers["fit"], keys, validated, findings)
    training.callbacks = read_callbacks(
        sections["callbacks"], pointers["callbacks"], keys, validated, training.optimizer, findings
    )
    return training


def _loss_json(loss: Loss | None) -> Any:
    return loss.to_json() if loss and loss.spec else (loss.short if loss else "auto")


def _folded(by_output: dict[str, Any]) -> Any:
    """The value itself for a single output, an object by output for several."""
    return next(iter(by_output.values())) if len(by_output) == 1 else by_output


def _loss_weights(
    given: dict[str, Any], stack: Stack, pointer: str, findings: Findings
) -> dict[str, float] | None:
    weights = given.get("loss_weights")
    if weights is None:
        return None
    if isinstance(weights, list) and len(weights) == len(stack.outputs):
        weights = dict(zip(stack.outputs, weights, strict=True))
    if not isinstance(weights, dict):
        findings.add(pointer, "bad-type", "'loss_weights' is an object of numbers by output.")
        return None
    for name, weight in weights.items():
        if name not in stack.outputs:
            detail = f"The stack has no output called {name[:100]!r}."
            close = suggestions(name, stack.outputs)
            findings.add(join(pointer, name), "unknown-output", detail, close)
        elif isinstance(weight, bool) or not isinstance(weight, (int, float)):
            findings.add(join(pointer, name), "bad-type", "A weight is a number.")
    return weights


def _log_keys(
    outputs: list[str],
    metrics: dict[str, list[dict[str, Any]]],
    weighted: dict[str, list[dict[str, Any]]],
) -> list[str]:
    """The keys that Keras will log for the training part, in no particular order."""
    several = len(outputs) > 1
    keys = ["loss", *(f"{name}_loss" for name in outputs if several)]
    for by_output, again in ((metrics, ""), (weighted, "weighted_")):
        for output, members in by_output.items():
            for metric in members:
                prefix = f"{output}_" if several else ""
                key = prefix + metric["name"]
                keys.append(f"{prefix}{again}{metric['name']}" if key in keys else key)
    return keys


def _fit(
    given: dict[str, Any],
    targets: dict[str, Target],
    pointer: str,
    training_rows: int | None,
    findings: Findings,
) -> dict[str, Any]:
    filled: dict[str, Any] = {"epochs": 10, "batch_size": "auto", "seed": None, "shuffle": True}
    filled |= {"class_weight": None, "precision": "float32", "deterministic": False, **given}
    if filled["batch_size"] == "auto":
        filled["batch_size"] = 128 if (training_rows or 0) > _LARGE else 32
    elif filled["batch_size"] < 1:
        place = join(pointer, "batch_size")
        fix = [{"op": "replace", "path": place, "value": "auto"}]
        findings.add(place, "bad-value", "A batch has 1 row or more.", fix=fix)
    if filled["seed"] is None:
        filled["seed"] = 0
    if filled["class_weight"] is not None:
        _check_class_weight(
            filled["class_weight"], targets, join(pointer, "class_weight"), findings
        )
    return filled


def _check_class_weight(
    given: Any, targets: dict[str, Target], pointer: str, findings: Findings
) -> None:
    if len(targets) > 1:
        findings.add(pointer, "bad-value", "Class weights are for a single output.")
        return
    for target in targets.values():
        if target.form not in OF_CLASSES:
            detail = f"The target {target.column.name!r} has not one of several classes a row."
            findings.add(pointer, "bad-value", detail, fix=[{"op": "remove", "path": pointer}])
            continue
        classes = target.column.categories or []
        for label in given if isinstance(given, dict) else ():
            if label not in classes:
                detail = f"The target {target.column.name!r} has no class {label[:100]!r}."
                close = suggestions(label, classes)
                findings.add(join(pointer, label), "bad-value", detail, close)
